/**
 * `/proc/<pid>/mountinfo` (proc_pid_mountinfo(5)): one mount per line,
 * `36 35 98:0 /root /mount/point rw,noatime master:1 - ext4 /dev/sda1 rw,errors=continue`.
 *
 * The kernel writes space, tab, line feed and backslash in paths and sources as three octal digits of a byte, so
 * bytes are unescaped before they are read as UTF-8. The names are hostile: whoever may mount chooses them.
 */

/** One mount, in the words of proc_pid_mountinfo(5). */
export interface Mount {
  readonly id: number;
  /** Id of the mount that it is mounted on. */
  readonly parent: number;
  /** Device number: `stat` of any file in it gives the same. */
  readonly major: number;
  readonly minor: number;
  /** Directory of the file system that is mounted: not `/` for a bind mount of a part. */
  readonly root: string;
  readonly mountpoint: string;
  /** Options of this mount. */
  readonly options: readonly string[];
  readonly fstype: string;
  /** Device, or what the file system gives instead of one. */
  readonly source: string;
  /** Options of the file system, which all its mounts share. */
  readonly superOptions: readonly string[];
}

/** Reads every mount in the kernel's order; a later mount on the same point covers an earlier one. Malformed lines are left out. */
export function parseMountinfo(input: Uint8Array | string): Mount[] {
  const text = typeof input === "string" ? input : new TextDecoder().decode(input);
  const mounts: Mount[] = [];
  for (const line of text.split("\n")) {
    const mount = parseLine(line);
    if (mount !== undefined) mounts.push(mount);
  }
  return mounts;
}

function parseLine(line: string): Mount | undefined {
  const fields = line.split(" ");
  const [id, parent, device, root, mountpoint, options] = fields;
  // Optional fields (propagation) stand between the options and a single hyphen.
  const separator = fields.indexOf("-", 6);
  if (separator < 0) return undefined;
  const [fstype, source, superOptions] = fields.slice(separator + 1);
  const numbers = /^(\d+):(\d+)$/.exec(device ?? "");
  if (
    numbers === null || root === undefined || mountpoint === undefined || options === undefined ||
    fstype === undefined || source === undefined || superOptions === undefined ||
    !/^\d+$/.test(id ?? "") || !/^\d+$/.test(parent ?? "")
  ) return undefined;
  return {
    id: Number(id),
    parent: Number(parent),
    major: Number(numbers[1]),
    minor: Number(numbers[2]),
    root: unescapeOctal(root),
    mountpoint: unescapeOctal(mountpoint),
    options: options.split(","),
    fstype: unescapeOctal(fstype),
    source: unescapeOctal(source),
    superOptions: unescapeOctal(superOptions).split(","),
  };
}

const escape = /(?:\\[0-7]{3})+/g;

/** Undoes the kernel's octal escapes (`\040` is a space). Neighbouring ones may be one UTF-8 character together. */
export function unescapeOctal(field: string): string {
  if (!field.includes("\\")) return field;
  return field.replace(escape, (run) => {
    const bytes = new Uint8Array(run.length / 4);
    for (let index = 0; index < bytes.length; index++) {
      bytes[index] = parseInt(run.slice(index * 4 + 1, index * 4 + 4), 8) & 0xff;
    }
    return new TextDecoder().decode(bytes);
  });
}
