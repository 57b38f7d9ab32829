/** What the readers of package databases share. */
import type { HostFs } from "../../lib/host_fs.ts";
import { timestampOf } from "../../lib/clock.ts";
import { clip } from "../../lib/text.ts";
import type { MetricData } from "../../protocol/metrics/mod.ts";

/** One element of `application_list`. */
export type Application = MetricData<"application_list">["applications"][number];

/** Takes what a reader finds. */
export interface Inventory {
  add(application: Application): void;
  /** Counts a record that can't be read. */
  skip(): void;
}

/** One kind of package database. */
export interface PackageSource {
  readonly name: string;
  /** Whether the host has such a database. */
  isPresent(fs: HostFs): boolean;
  /** @throws When the database can't be read; the message names it. */
  read(fs: HostFs, inventory: Inventory): Promise<void>;
}

/** What a database says of a package, as it says it. */
export interface PackageRecord {
  readonly source: string;
  readonly name: string | undefined;
  readonly version?: string | undefined;
  readonly vendor?: string | undefined;
  readonly architecture?: string | undefined;
  /** Unix time. */
  readonly installedSeconds?: number | undefined;
}

/** Adds a package; one without a name is a bad record. */
export function addPackage(inventory: Inventory, record: PackageRecord): void {
  const { source, name, version, vendor, architecture, installedSeconds } = record;
  if (name === undefined || name === "") return inventory.skip();
  const installedAt = installedSeconds === undefined ? undefined : timeText(installedSeconds);
  inventory.add({
    name: clip(name),
    ...(version === undefined || version === "" ? {} : { version: clip(version) }),
    ...(vendor === undefined || vendor === "" ? {} : { vendor: clip(vendor) }),
    ...(architecture === undefined || architecture === "" ? {} : { architecture: clip(architecture) }),
    ...(installedAt === undefined ? {} : { installed_at: installedAt }),
    source,
  });
}

/** Seconds that a date can hold; databases carry 0 and nonsense for what they do not know. */
function timeText(seconds: number): string | undefined {
  return seconds > 0 && seconds < 4e9 ? timestampOf(Math.floor(seconds) * 1000) : undefined;
}

/** Name of `Name <address>`. */
export function withoutAddress(person: string | undefined): string | undefined {
  return person?.replace(/\s*<[^>]*>\s*$/, "").trim();
}

/** When a file was last changed, in seconds of Unix time; `undefined` when there is none. A link is not followed. */
export function changedSeconds(path: string): number | undefined {
  try {
    const time = Deno.lstatSync(path).mtime?.getTime();
    return time === undefined ? undefined : time / 1000;
  } catch {
    return undefined; // An answer: nobody noted when it was installed.
  }
}

/** Text of a file, at most its first `maxBytes`; `undefined` when it can't be read. */
export async function readStart(path: string, maxBytes: number): Promise<string | undefined> {
  let file: Deno.FsFile;
  try {
    file = await Deno.open(path);
  } catch {
    return undefined; // The caller counts the record as bad, or does without the detail.
  }
  try {
    const buffer = new Uint8Array(maxBytes);
    let length = 0;
    for (let count: number | null = 0; count !== null && length < maxBytes; length += count ?? 0) {
      count = await file.read(buffer.subarray(length));
    }
    return new TextDecoder().decode(buffer.subarray(0, length));
  } catch {
    return undefined; // A folder, or a file that fails: as if it could not be opened.
  } finally {
    file.close();
  }
}

/** Names in a folder, sorted. @throws When it can't be read; the message names it. */
export async function namesIn(folder: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const entry of Deno.readDir(folder)) names.push(entry.name);
  } catch (cause) {
    throw new Error(`Cannot read ${folder}`, { cause });
  }
  return names.sort();
}
