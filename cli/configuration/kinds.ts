/**
 * Kinds of values that a setting can have: what is allowed, and how it is read.
 *
 * A value comes as text (environment, flag) or as YAML, where a number is a number and text is text.
 */
import { resolve } from "node:path";
import { formatDuration, parseDurationSeconds } from "./duration.ts";

/** A kind of value. */
export interface Kind<T> {
  /** Completes "must be …". */
  readonly allowed: string;
  /** What is wrong with a value that stands in YAML, where more can be said than `allowed`. */
  complaint?(value: unknown): string | undefined;
  /** Reads an environment variable or a flag; `undefined` when it is not allowed. */
  fromText(text: string): T | undefined;
  /** Reads what stands in YAML; `undefined` when it is not allowed. */
  fromYaml(value: unknown): T | undefined;
}

/** A kind that is written as text in every source. */
function textual<T>(allowed: string, fromText: (text: string) => T | undefined): Kind<T> {
  return {
    allowed,
    fromText,
    fromYaml: (value) => typeof value === "string" ? fromText(value) : undefined,
  };
}

/** Text of 1 to `maxLength` characters without control characters. */
export function text(maxLength = 1024): Kind<string> {
  return textual(
    `text of 1 to ${maxLength} characters`,
    (value) => value.length > 0 && value.length <= maxLength && !/\p{Cc}/u.test(value) ? value : undefined,
  );
}

/** Exactly `length` letters and digits. */
export function identifier(length: number): Kind<string> {
  return textual(
    `${length} letters and digits, in quotes if they are only digits`,
    (value) => value.length === length && /^[A-Za-z0-9]+$/.test(value) ? value : undefined,
  );
}

/** A host's name as it is reported. */
export const hostname: Kind<string> = textual(
  "a host name of 1 to 255 characters without spaces",
  (value) => /^[^\s\p{Cc}\p{Cf}]{1,255}$/u.test(value) ? value : undefined,
);

/** A path; relative ones are taken from the working directory. */
export const path: Kind<string> = textual(
  "the path of a file or directory",
  (value) => value.length > 0 && value.length <= 4096 && !/\p{Cc}/u.test(value) ? resolve(value) : undefined,
);

/** Base URL of a server, without a slash at its end. */
export const url: Kind<string> = textual(
  'an http:// or https:// URL without user, query and fragment, e.g. "https://spectra.example.org"',
  (value) => {
    if (value.length > 2048 || !/^https?:\/\//i.test(value)) return undefined;
    const parsed = URL.parse(value);
    if (parsed === null || parsed.username !== "" || parsed.password !== "") return undefined;
    if (value.includes("?") || value.includes("#")) return undefined;
    return parsed.href.replace(/\/+$/, "");
  },
);

/** Where a server listens. */
export interface ListenAddress {
  readonly hostname: string;
  readonly port: number;
}

/** `HOST:PORT`; `:PORT` is every address of the machine, port 0 a free one. */
export const listenAddress: Kind<ListenAddress> = textual(
  'HOST:PORT with a port from 0 to 65535, e.g. "127.0.0.1:8080" or "[::1]:8080"',
  (value) => {
    const match = /^(?:\[([0-9a-f:.]+)\]|([A-Za-z0-9_.-]*)):(\d{1,5})$/i.exec(value);
    const port = Number(match?.[3]);
    if (match === null || port > 65_535) return undefined;
    return { hostname: (match[1] ?? match[2]) || "0.0.0.0", port };
  },
);

/** `HOST:PORT` of an address, with the brackets that IPv6 needs. */
export function formatAddress(address: ListenAddress): string {
  const host = address.hostname.includes(":") ? `[${address.hostname}]` : address.hostname;
  return `${host}:${address.port}`;
}

const truths: ReadonlyMap<string, boolean> = new Map([
  ...["true", "yes", "on", "1"].map((word) => [word, true] as const),
  ...["false", "no", "off", "0"].map((word) => [word, false] as const),
]);

/** Yes or no. `yes` and `on` are text in YAML 1.2, but people mean what YAML 1.1 made of them. */
export const boolean: Kind<boolean> = {
  allowed: "true or false",
  fromText: (value) => truths.get(value.toLowerCase()),
  fromYaml: (value) => typeof value === "string" ? truths.get(value.toLowerCase()) : asBoolean(value),
};

function asBoolean(value: unknown): boolean | undefined {
  return typeof value === "boolean" ? value : undefined;
}

/** A whole number from `minimum` to `maximum`. */
export function integer(minimum: number, maximum: number): Kind<number> {
  const inRange = (value: unknown) =>
    typeof value === "number" && Number.isInteger(value) && value >= minimum && value <= maximum
      ? value
      : undefined;
  return {
    allowed: `a whole number from ${minimum} to ${maximum}`,
    fromText: (value) => /^\d{1,15}$/.test(value) ? inRange(Number(value)) : undefined,
    fromYaml: inRange,
  };
}

/** A number from `minimum` to `maximum`. */
export function number(minimum: number, maximum: number): Kind<number> {
  const inRange = (value: unknown) =>
    typeof value === "number" && value >= minimum && value <= maximum ? value : undefined;
  return {
    allowed: `a number from ${minimum} to ${maximum}`,
    fromText: (value) => /^\d{1,15}(\.\d{1,15})?$/.test(value) ? inRange(Number(value)) : undefined,
    fromYaml: inRange,
  };
}

/** A duration in seconds, from `minimum` to `maximum`. */
export function seconds(minimum: number, maximum: number): Kind<number> {
  const inRange = (value: number | undefined) =>
    value !== undefined && value >= minimum && value <= maximum ? value : undefined;
  const fromText = (value: string) => inRange(parseDurationSeconds(value));
  return {
    allowed: `seconds or a duration ("30s", "1m30s") from ${formatDuration(minimum)} to ${
      formatDuration(maximum)
    }`,
    fromText,
    fromYaml: (value) =>
      typeof value === "number" ? inRange(value) : typeof value === "string" ? fromText(value) : undefined,
  };
}

/** One of `values`; `synonyms` are other programs' words for them. */
export function choice<T extends string>(
  values: readonly T[],
  synonyms: ReadonlyMap<string, T> = new Map(),
): Kind<T> {
  return textual(
    `one of ${values.join(", ")}`,
    (value) => values.find((known) => known === value.toLowerCase()) ?? synonyms.get(value.toLowerCase()),
  );
}

/** Names, as a YAML list or separated by commas. */
export const names: Kind<readonly string[]> = {
  allowed: "a list of names, or names separated by commas",
  fromText: (value) => asNames(value.split(",").map((name) => name.trim())),
  fromYaml(value) {
    if (typeof value === "string") return names.fromText(value);
    return Array.isArray(value) ? asNames(value) : undefined;
  },
};

function asNames(values: readonly unknown[]): readonly string[] | undefined {
  const found = values.filter((name) => typeof name === "string");
  const named = found.every((name) => name !== "" && !/\p{Cc}/u.test(name));
  return named && found.length === values.length ? found : undefined;
}

/** A section of settings that are not known one by one. */
export const section: Kind<unknown> = {
  allowed: "a section of settings",
  fromText: (value) => value,
  fromYaml: (value) => value,
};
