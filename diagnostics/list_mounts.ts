/** `LIST_MOUNTS`: what is mounted on this host, as its first process sees it. */
import { parseMountinfo } from "../lib/mountinfo.ts";
import { diagnostic } from "./diagnostic.ts";

/** Lists the mounts of `/proc/1/mountinfo` in the kernel's order. */
export const listMounts = diagnostic("LIST_MOUNTS", ["linux"], async (_args, { host }) => {
  const path = host.fs.procInit("mountinfo");
  let text: Uint8Array;
  try {
    text = await Deno.readFile(path);
  } catch (cause) {
    throw new Error(`Cannot read the mounts from ${path}`, { cause });
  }
  return parseMountinfo(text).map(({ mountpoint, source, fstype }) => ({
    mountpoint,
    device: source,
    fstype,
  }));
});
