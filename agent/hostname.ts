/** Which name this host reports. */
import { type HostFs, readText } from "../lib/host_fs.ts";
import { sanitise } from "../lib/text.ts";

const maximumLength = 255;

/**
 * The configured name, else the host's own: from `/etc/hostname` below `--rootfs` where the host's trees are mounted
 * elsewhere (a container has a name of its own), else from the operating system.
 *
 * @throws When the name is empty, longer than 255 characters or holds control characters: no server takes such a name.
 */
export function resolveHostname(configured: string | undefined, fs: HostFs): string {
  const own = () => (fs.redirected ? hostnameFile(fs) : undefined) ?? Deno.hostname();
  const name = (configured ?? own()).trim();
  if (name === "" || name.length > maximumLength) {
    throw new Error(
      `The host name has ${name.length} characters, 1 to ${maximumLength} are allowed: set one with --hostname`,
    );
  }
  if (sanitise(name) !== name) {
    throw new Error(
      `The host name "${sanitise(name)}" holds control characters: set another with --hostname`,
    );
  }
  return name;
}

/** First line of hostname(5) that is not a comment. */
function hostnameFile(fs: HostFs): string | undefined {
  const lines = readText(fs.root("/etc/hostname"))?.split("\n") ?? [];
  return lines.map((line) => line.trim()).find((line) => line !== "" && !line.startsWith("#"));
}
