/** Where files are kept when nobody says where. */
import { join } from "node:path";
import { CommandError, exitCodes } from "../exit_codes.ts";

/** What the answer depends on. */
export interface Surroundings {
  readonly os: typeof Deno.build.os;
  /** User id; `null` on Windows. */
  readonly uid: number | null;
  environment(name: string): string | undefined;
}

const here: Surroundings = {
  os: Deno.build.os,
  uid: Deno.uid(),
  environment: (name) => Deno.env.get(name),
};

/**
 * The system's place for the state of services when run as root, else the user's own.
 *
 * Linux: Filesystem Hierarchy Standard 3.0 (`/var/lib`) and XDG Base Directory Specification 0.8 (`XDG_STATE_HOME`, which
 * counts only when it is absolute).
 *
 * @throws {CommandError} When there is no home directory to put it in.
 */
export function defaultDataDirectory({ os, uid, environment }: Surroundings = here): string {
  if (os === "windows") return `${environment("ProgramData") ?? "C:\\ProgramData"}\\Spectra`;
  const library = "/Library/Application Support/Spectra";
  if (uid === 0) return os === "darwin" ? library : "/var/lib/spectra";
  const state = environment("XDG_STATE_HOME");
  if (os !== "darwin" && state?.startsWith("/")) return join(state, "spectra");
  const home = environment("HOME");
  if (home === undefined || home === "") {
    throw new CommandError(
      exitCodes.configuration,
      "No data directory: HOME is not set, so there is no default. Name one with --data DIR",
    );
  }
  return os === "darwin" ? join(home, library) : join(home, ".local/state/spectra");
}
