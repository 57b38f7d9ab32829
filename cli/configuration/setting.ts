/** What a setting is. `settings.ts` and `foreign_settings.ts` list them. */
import type { Kind } from "./kinds.ts";

/** What a process is run for; a setting belongs to one or more of them. */
export type Role = "server" | "agent" | "collect" | "hosts";

/** All roles. */
export const roles = ["server", "agent", "collect", "hosts"] as const satisfies readonly Role[];

/** One thing that can be configured. */
export interface Setting<T> {
  /** Key in YAML; dots stand for nesting. `SPECTRA_<KEY>` is its environment variable. */
  readonly key: string;
  readonly kind: Kind<T>;
  /** One sentence for `--help` and the docs. */
  readonly help: string;
  readonly roles: readonly Role[];
  /** Commander's notation of its flag, e.g. `--listen <host:port>`. */
  readonly flag?: string;
  /** Other keys in YAML that mean the same. */
  readonly aliases?: readonly string[];
  /** Environment variables of other agents that mean the same, looked at after ours. */
  readonly environment?: readonly string[];
  /** An environment variable that counts only when neither flag, environment nor file says anything. */
  readonly fallbackEnvironment?: string;
  /** Never shown. */
  readonly secret?: boolean;
  /** Names the feature that the setting belongs to while this version does not have it. */
  readonly missingFeature?: string;
  /** With `missingFeature`: the value that asks for nothing and is therefore allowed. */
  readonly inert?: T;
}

/** A setting that always has a value. */
export interface SettingWithDefault<T> extends Setting<T> {
  readonly default: {
    value(): T;
    /** The default in words or as it would be written. */
    readonly text: string;
  };
}

/** A default that is the same everywhere. */
export function always<T>(value: T): SettingWithDefault<T>["default"] {
  return { value: () => value, text: String(value) };
}

/** True for a setting that always has a value. */
export function hasDefault<T>(setting: Setting<T>): setting is SettingWithDefault<T> {
  return "default" in setting;
}

/** Every environment variable of a setting, the one that wins first. */
export function environmentNames(setting: Setting<unknown>): readonly string[] {
  return [`SPECTRA_${setting.key.replaceAll(".", "_").toUpperCase()}`, ...setting.environment ?? []];
}
