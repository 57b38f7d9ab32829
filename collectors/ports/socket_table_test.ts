import assert from "node:assert/strict";
import { bytesOf } from "../../lib/ascii.ts";
import { parseSocketTable } from "./socket_table.ts";

const heading =
  "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";
const socket = (local: string, state: string, queues = "00000000:00000000") =>
  `   0: ${local} ${
    "0".repeat(local.indexOf(":"))
  }:0000 ${state} ${queues} 00:00000000 00000000   997        0 1605 1 0000 100 0\n`;
const parse = (text: string, protocol: "tcp" | "udp") => parseSocketTable(bytesOf(text), protocol);

Deno.test("parseSocketTable reads listeners of IPv4 and leaves the others out", () => {
  const table = heading + socket("0100007F:01BB", "0A", "00000000:00000002") + socket("0100007F:01BB", "01");
  assert.deepEqual(parse(table, "tcp"), [
    { protocol: "tcp", address: "127.0.0.1", port: 443, uid: 997, inode: 1605, receiveQueue: 2 },
  ]);
});

Deno.test("parseSocketTable reads IPv6, and UDP that is not connected", () => {
  const table = heading + socket("B80D0120000000000000000001000000:0035", "07", "00000001:00000A00") +
    socket("00000000000000000000000000000000:14E9", "01");
  assert.deepEqual(parse(table, "udp"), [
    {
      protocol: "udp",
      address: "2001:db8::1",
      port: 53,
      uid: 997,
      inode: 1605,
      receiveQueue: 2560,
      sendQueue: 1,
    },
  ]);
});

for (
  const [what, text, message] of [
    ["is cut off", heading + socket("0100007F:01BB", "0A").trimEnd(), /last line is cut off/],
    ["has a short line", `${heading} 0: 0100007F:01BB\n`, /does not describe a socket/],
    ["has an address of odd length", heading + socket("0100007:01BB", "0A"), /does not describe a socket/],
    ["has no state", heading + socket("0100007F:01BB", "zz"), /does not describe a socket/],
  ] as const
) {
  Deno.test(`parseSocketTable fails when a table ${what}`, () => {
    assert.throws(() => parse(text, "tcp"), message);
  });
}
