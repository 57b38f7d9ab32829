/**
 * Who may use this host: users, administrators, sudoers, keys and setuid programs, as a set of facts. Two sets compared say what
 * changed. Nothing secret is among them: a key is its public fingerprint, a file its hash.
 */
import { namesIn } from "../log_follower/glob.ts";
import type { Finding } from "./event.ts";

/** Facts as text, sorted: `<kind> <name>[\t<detail>]`. */
export type Facts = readonly string[];

/** Groups whose members are or become root. */
const adminGroups = new Set(["root", "sudo", "wheel", "admin", "docker", "lxd", "incus-admin", "libvirt"]);

/** A larger file is none that a person keeps. */
const maxFileBytes = 1024 * 1024;
const maxUsers = 5_000;
const maxSetuid = 5_000;

/** Folders that programs are looked for in. */
const programFolders = [
  "/bin",
  "/sbin",
  "/usr/bin",
  "/usr/sbin",
  "/usr/libexec",
  "/usr/lib",
  "/usr/local/bin",
  "/usr/local/sbin",
  "/opt/bin",
];

type Root = (path: string) => string;

/** A user of `/etc/passwd`. */
interface User {
  readonly name: string;
  readonly uid: string;
  readonly home: string;
}

/** Users of an `/etc/passwd` (passwd(5)). */
export function parsePasswd(text: string): User[] {
  return text.split("\n").flatMap((line) => {
    const [name = "", , uid = "", , , home = ""] = line.split(":");
    return name === "" || name.startsWith("#") || !/^\d+$/.test(uid) ? [] : [{ name, uid, home }];
  }).slice(0, maxUsers);
}

/** `group:user` of each member of a group with administrative rights in an `/etc/group` (group(5)). */
function parseAdmins(text: string): string[] {
  return text.split("\n").flatMap((line) => {
    const [group = "", , , members = ""] = line.split(":");
    if (!adminGroups.has(group)) return [];
    return members.split(",").map((member) => member.trim()).filter((member) => member !== "").map((member) =>
      `${group}:${member}`
    );
  });
}

/** Keys of an `authorized_keys` (sshd(8)): fingerprint as `ssh-keygen -l` prints it, and comment. */
export async function parseKeys(text: string): Promise<{ fingerprint: string; comment: string }[]> {
  const keys = [];
  for (const line of text.split("\n")) {
    // Options may come before the type; a key begins with the length of its type's name.
    const found = /(?:^|\s)(?:ssh-|ecdsa-|sk-)\S+\s+(AAAA[A-Za-z0-9+/]+={0,3})\s*(.*)$/.exec(line);
    if (found === null || line.trimStart().startsWith("#")) continue;
    const [, blob = "", comment = ""] = found;
    keys.push({ fingerprint: await fingerprintOf(blob), comment: comment.trim() });
  }
  return keys;
}

async function fingerprintOf(blob: string): Promise<string> {
  try {
    const digest = await crypto.subtle.digest("SHA-256", Uint8Array.fromBase64(blob));
    return `SHA256:${new Uint8Array(digest).toBase64({ omitPadding: true })}`;
  } catch {
    return `not base64: ${blob.slice(0, 32)}`; // sshd would not take it either; it is still a change.
  }
}

/**
 * Reads who may use the host, all but setuid programs; `undefined` when there is no `/etc/passwd` to be read. What may not be read is
 * named in `problems`.
 */
export async function readAccounts(root: Root, problems: string[]): Promise<Facts | undefined> {
  const facts = new Set<string>();
  const read = (path: string) => readBounded(path, root, problems);
  const passwd = await read("/etc/passwd");
  if (passwd === undefined) return undefined;
  const users = parsePasswd(passwd);
  for (const { name, uid } of users) facts.add(`user ${name}\tuid ${uid}`);
  for (const admin of parseAdmins(await read("/etc/group") ?? "")) facts.add(`admin ${admin}`);
  const parts = (await namesIn(root("/etc/sudoers.d"))).filter((name) => !name.startsWith("."));
  for (const path of ["/etc/sudoers", ...parts.map((name) => `/etc/sudoers.d/${name}`)]) {
    const text = await read(path);
    if (text !== undefined) facts.add(`sudoers ${path}\t${await hashOf(text)}`);
  }
  for (const { name, home } of users) {
    if (!home.startsWith("/") || home === "/" || home === "/nonexistent") continue;
    for (const file of ["authorized_keys", "authorized_keys2"]) {
      for (const { fingerprint, comment } of await parseKeys(await read(`${home}/.ssh/${file}`) ?? "")) {
        facts.add(`key ${name} ${fingerprint}\t${comment.replaceAll("\t", " ").slice(0, 256)}`);
      }
    }
  }
  return [...facts].sort();
}

async function hashOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return new Uint8Array(digest).toHex();
}

async function readBounded(path: string, root: Root, problems: string[]): Promise<string | undefined> {
  try {
    const info = await Deno.stat(root(path));
    if (!info.isFile || info.size > maxFileBytes) return undefined;
    return await Deno.readTextFile(root(path));
  } catch (error) {
    if (error instanceof Deno.errors.PermissionDenied) problems.push(path);
    return undefined; // Most users have no keys, and not every host has sudo.
  }
}

/** Programs that run with another user's or group's rights. It looks at some thousand files: once a day. */
export async function readSetuid(root: Root): Promise<Facts> {
  const facts = new Set<string>();
  for (const folder of programFolders) {
    const info = await Deno.lstat(root(folder)).catch(() => undefined); // Not every host has every folder.
    if (!info?.isDirectory) continue; // `/bin` is a link to `/usr/bin` on merged systems: looked at once.
    for (const name of await namesIn(root(folder))) {
      const path = `${folder}/${name}`;
      const file = await Deno.lstat(root(path)).catch(() => undefined); // Gone since it was listed.
      const bits = (file?.mode ?? 0) & 0o6000;
      if (file?.isFile && bits !== 0 && facts.size < maxSetuid) {
        facts.add(`setuid ${path}\t${bits & 0o4000 ? `uid ${file.uid}` : `gid ${file.gid}`}`);
      }
    }
  }
  return [...facts].sort();
}

/** What changed between two sets of facts. */
export function changesOf(before: Facts, after: Facts, timestampMs: number): Finding[] {
  const had = new Set(before);
  const has = new Set(after);
  const added = after.filter((fact) => !had.has(fact));
  const removed = before.filter((fact) => !has.has(fact));
  const changedFiles = new Set<string>();
  const findings: Finding[] = [];
  for (const [facts, isAdded] of [[added, true], [removed, false]] as const) {
    for (const fact of facts) {
      const finding = findingOf(fact, isAdded, changedFiles);
      if (finding !== undefined) findings.push({ ...finding, timestampMs });
    }
  }
  return findings;
}

function findingOf(
  fact: string,
  isAdded: boolean,
  changedFiles: Set<string>,
): Omit<Finding, "timestampMs"> | undefined {
  const tab = fact.indexOf("\t");
  const [kind, ...words] = (tab === -1 ? fact : fact.slice(0, tab)).split(" ");
  const detail = tab === -1 ? "" : fact.slice(tab + 1);
  const name = words.join(" ");
  switch (kind) {
    case "user":
      return { kind: isAdded ? "user_added" : "user_removed", user: name, detail };
    case "admin": {
      const [group = "", user = ""] = name.split(":");
      return { kind: isAdded ? "admin_added" : "admin_removed", user, detail: `group ${group}` };
    }
    case "key": {
      const [user = "", fingerprint = ""] = words;
      return { kind: isAdded ? "key_added" : "key_removed", user, detail: `${fingerprint} ${detail}`.trim() };
    }
    case "sudoers":
      if (changedFiles.has(name)) return undefined; // Its new contents were one fact, the old ones another.
      changedFiles.add(name);
      return { kind: "sudoers_changed", detail: name };
    default:
      return isAdded ? { kind: "setuid_added", detail: `${name} (${detail})` } : undefined;
  }
}
