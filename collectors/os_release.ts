/** Which distribution a Linux host runs: `/etc/os-release`, else `/usr/lib/os-release` (os-release(5)). */
import { type HostFs, readText } from "../lib/host_fs.ts";

/** What `os-release` says; absent where it says nothing. */
export interface OsRelease {
  /** For programs: `debian`. */
  readonly id?: string;
  /** For people: `Debian GNU/Linux`. */
  readonly name?: string;
  /** `12`; rolling distributions have none. */
  readonly versionId?: string;
  /** Day on which its support ends, `2029-06-30`; few say it. */
  readonly supportEnd?: string;
}

/** Reads it; `{}` where the host has neither file. */
export function readOsRelease(fs: HostFs): OsRelease {
  return parseOsRelease(
    readText(fs.root("/etc/os-release")) ?? readText(fs.root("/usr/lib/os-release")) ?? "",
  );
}

const longest = 1024;

/** Parses lines `KEY=value` in shell quoting; other lines are left out, and values are cut at 1024 characters. */
export function parseOsRelease(text: string): OsRelease {
  const values = new Map<string, string>();
  for (const line of text.split("\n")) {
    const [, key, value] = /^([A-Z_]+)=(.*?)\s*$/.exec(line) ?? [];
    if (key !== undefined && value !== undefined) values.set(key, unquote(value).slice(0, longest));
  }
  const id = values.get("ID");
  const name = values.get("NAME");
  const versionId = values.get("VERSION_ID");
  const supportEnd = values.get("SUPPORT_END");
  return {
    ...(id ? { id } : {}),
    ...(name ? { name } : {}),
    ...(versionId ? { versionId } : {}),
    ...(supportEnd ? { supportEnd } : {}),
  };
}

function unquote(value: string): string {
  const [, quote, inner] = /^(["'])(.*)\1$/.exec(value) ?? [];
  if (inner === undefined) return value;
  return quote === '"' ? inner.replace(/\\(["$`\\])/g, "$1") : inner;
}
