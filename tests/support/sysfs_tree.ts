/** Trees below `/sys`, made of a device's attributes: their names hold colons, which a checkout on Windows could not. */
import { dirname, relative } from "node:path/posix";
import type { TemporaryHost } from "./fixture_host.ts";

/** Writes attributes into the folder `path` below `sys/`, each with its line break. */
export function writeAttributes(
  temporary: TemporaryHost,
  path: string,
  attributes: Readonly<Record<string, string | number>>,
): void {
  for (const [name, value] of Object.entries(attributes)) {
    temporary.write(`sys/${path}/${name}`, `${value}\n`);
  }
}

/** Makes `path` below `sys/` a link to `target` below `sys/`, relative as the kernel's are. */
export function linkFolder(temporary: TemporaryHost, path: string, target: string): void {
  const { fs } = temporary.host;
  Deno.mkdirSync(fs.sys(dirname(path)), { recursive: true });
  Deno.mkdirSync(fs.sys(target), { recursive: true });
  Deno.symlinkSync(relative(dirname(path), target), fs.sys(path));
}

/** A hwmon chip as Linux 3.13 and later show it: `class/hwmon/<name>` links into the device's folder, `device` links back. */
export function addHwmon(
  temporary: TemporaryHost,
  name: string,
  devicePath: string,
  attributes: Readonly<Record<string, string | number>>,
): void {
  const folder = `devices/${devicePath}/hwmon/${name}`;
  writeAttributes(temporary, folder, attributes);
  linkFolder(temporary, `class/hwmon/${name}`, folder);
  linkFolder(temporary, `${folder}/device`, `devices/${devicePath}`);
}
