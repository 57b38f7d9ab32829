/** Hosts made of files: the trees below `tests/fixtures/linux/<scenario>/{proc,sys,root}`, and ones that a test writes. */
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import type { Host } from "../../collectors/collector.ts";
import type { Clock } from "../../lib/clock.ts";
import { hostFs } from "../../lib/host_fs.ts";
import { fakeClock } from "./fake_clock.ts";

const fixtures = fileURLToPath(new URL("../fixtures/linux", import.meta.url));

function hostAt(root: string, clock: Clock): Host {
  const fs = hostFs({ procfs: `${root}/proc`, sysfs: `${root}/sys`, rootfs: `${root}/root` });
  return { os: "linux", fs, clock };
}

/** The host of a captured or made-up scenario. */
export function fixtureHost(scenario: string, clock: Clock = fakeClock()): Host {
  return hostAt(`${fixtures}/${scenario}`, clock);
}

/** A host whose files a test changes between readings. */
export interface TemporaryHost extends Disposable {
  readonly host: Host;
  /** Writes a file, e.g. `proc/stat`, in place: a file that is kept open shows the new contents, as `/proc` does. */
  write(path: string, contents: string | Uint8Array): void;
  remove(path: string): void;
}

/** Makes a host of `files`; it is deleted on disposal. */
export function temporaryHost(
  files: Readonly<Record<string, string>> = {},
  clock: Clock = fakeClock(),
): TemporaryHost {
  const root = Deno.makeTempDirSync({ prefix: "spectra-host-" });
  const temporary: TemporaryHost = {
    host: hostAt(root, clock),
    write(path, contents) {
      Deno.mkdirSync(dirname(`${root}/${path}`), { recursive: true });
      if (typeof contents === "string") Deno.writeTextFileSync(`${root}/${path}`, contents);
      else Deno.writeFileSync(`${root}/${path}`, contents);
    },
    remove: (path) => Deno.removeSync(`${root}/${path}`, { recursive: true }),
    [Symbol.dispose]: () => Deno.removeSync(root, { recursive: true }),
  };
  for (const [path, contents] of Object.entries(files)) temporary.write(path, contents);
  return temporary;
}
