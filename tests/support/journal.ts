/** Journals in journald's own form, written by systemd's tool for journals of other hosts. */
import assert from "node:assert/strict";
import { findExecutable } from "./component.ts";

// deno-lint-ignore no-control-regex
const noControls = /[\x00-\x1f]/;

/** Turns entries, one text per field, into a journal file, as systemd's own tool writes it. */
export async function writeJournal(
  remote: string,
  path: string,
  entries: readonly Record<string, string>[],
): Promise<void> {
  const text = entries.map((fields, index) => {
    const head = {
      __REALTIME_TIMESTAMP: String(1_769_421_600_000_000 + index * 1_000),
      __MONOTONIC_TIMESTAMP: String(index + 1),
      _BOOT_ID: "5f0d2f0a9f3c4d0e8f2b0a4c1d7b6e21",
    };
    const lines = Object.entries({ ...head, ...fields }).map(([name, value]) => `${name}=${value}`);
    assert.ok(!lines.some((line) => noControls.test(line)));
    return lines.join("\n") + "\n\n";
  }).join("");
  const child = new Deno.Command(remote, {
    args: ["-o", path, "-"],
    stdin: "piped",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(text));
  await writer.close();
  const { success, stderr } = await child.output();
  assert.ok(success, new TextDecoder().decode(stderr));
}

/** `systemd-journal-remote`, where it and journalctl are installed. */
export const journalRemote = findExecutable("journalctl") === undefined
  ? undefined
  : ["/lib/systemd/systemd-journal-remote", "/usr/lib/systemd/systemd-journal-remote"].find(isFile);

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false; // Not installed there.
  }
}
