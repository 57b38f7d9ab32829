import assert from "node:assert/strict";
import type { Envelope } from "../protocol/envelope.ts";
import { writeEnvelope } from "./measurement_table.ts";
import { createOutput } from "./output.ts";

function shown(envelope: Envelope, width = 100): string {
  let text = "";
  const stream = { terminal: false, write: (bytes: Uint8Array) => text += new TextDecoder().decode(bytes) };
  writeEnvelope(createOutput(stream, stream, false, width), envelope);
  return text;
}

const head = { timestamp: "2026-01-26T10:00:05.123Z", hostname: "web-01" };

Deno.test("writeEnvelope shows numbers with their units", () => {
  const text = shown({ ...head, type: "memory", data: { ram_total: 8 * 1024 ** 3, ram_used_pct: 41.256 } });
  assert.match(text, /^memory\n/);
  assert.match(text, /ram_total\s+8\.0 GiB/);
  assert.match(text, /ram_used_pct\s+41\.26 %/);
});

const disks: Envelope = {
  ...head,
  type: "disk_list",
  data: {
    disks: [
      { mountpoint: "/", device: "/dev/vda1", filesystem: "ext4", disk_total: 1024 ** 4, disk_used_pct: 50 },
      {
        mountpoint: "/mnt/\x1b[31mevil",
        device: "/dev/sda1",
        filesystem: "xfs",
        disk_total: 1024 ** 3,
        disk_used_pct: 99,
      },
    ],
  },
};

Deno.test("writeEnvelope shows a list as a table, key and percentages first, hostile names harmless", () => {
  const lines = shown(disks).split("\n");
  assert.match(lines[1] ?? "", /^\s+mountpoint\s+disk_used_pct\s+device/);
  assert.match(lines[2] ?? "", /^\s+\/\s+50 %\s+\/dev\/vda1\s+ext4\s+1\.0 TiB$/);
  assert.match(lines[3] ?? "", /\\x1b\[31mevil/);
});

Deno.test("writeEnvelope names the columns that do not fit", () => {
  const text = shown(disks, 50);
  assert.match(text, /and, with --json: filesystem, disk_total/);
  for (const line of text.split("\n").slice(0, 4)) assert.ok(line.length <= 52, line);
});

Deno.test("writeEnvelope says so when a list is empty", () => {
  assert.equal(shown({ ...head, type: "disk_list", data: { disks: [] } }), "disk_list\n  none\n");
});
