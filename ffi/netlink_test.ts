import assert from "node:assert/strict";
import { countReply, countTcpStates, tcpStateCount } from "./netlink.ts";

const onLinux = Deno.build.os === "linux";
if (onLinux) countTcpStates(new Uint32Array(tcpStateCount)); // Loads the C library outside of the tests, which look for leaks.

/** A message of a dump: header, then `payload` filled with zeros to `payloadBytes`. */
function message(
  type: number,
  payload: readonly number[],
  payloadBytes = 72,
  claimedBytes = 16 + payloadBytes,
): Uint8Array {
  const bytes = new Uint8Array(16 + payloadBytes);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, claimedBytes, true);
  view.setUint16(4, type, true);
  bytes.set(payload, 16);
  return bytes;
}

function joined(...parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(parts.flatMap((part) => [...part]));
}

const socket = (state: number, payloadBytes?: number) => message(18, [2, state], payloadBytes);
const done = message(3, [0, 0, 0, 0], 4);

Deno.test("countReply counts sockets by state, attributes and alignment passed over, until the end", () => {
  const counts = new Uint32Array(tcpStateCount);
  const odd = socket(10, 77); // 93 bytes, then 3 of padding.
  assert.equal(countReply(joined(socket(1), socket(1), odd, new Uint8Array(3), socket(6)), counts), false);
  assert.equal(countReply(joined(socket(1), done, socket(1)), counts), true);
  assert.deepEqual([...counts], [0, 3, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0]);
});

Deno.test("countReply leaves out states that it does not know, and messages of other kinds", () => {
  const counts = new Uint32Array(tcpStateCount);
  countReply(joined(socket(13), socket(255), message(1, [2, 1]), message(99, [2, 1])), counts);
  assert.deepEqual([...counts], Array(tcpStateCount).fill(0));
});

const broken: readonly [what: string, datagram: Uint8Array, message: RegExp][] = [
  ["the kernel refuses", message(2, [0xff, 0xff, 0xff, 0xff], 20), /errno 1$/],
  ["a dump ends with an error", message(3, [0xfe, 0xff, 0xff, 0xff], 4), /errno 2$/],
  ["a header is cut off", joined(socket(1), new Uint8Array(7)), /header is cut off/],
  [
    "a message claims more than there is",
    message(18, [2, 1], 72, 4000),
    /gives 4000 as its length, with 88 left/,
  ],
  ["a message claims less than a header", message(18, [2, 1], 72, 0), /gives 0 as its length/],
];
for (const [what, datagram, expected] of broken) {
  Deno.test(`countReply fails when ${what}`, () => {
    assert.throws(() => countReply(datagram, new Uint32Array(tcpStateCount)), expected);
  });
}

for (const hostname of ["127.0.0.1", "::1"]) {
  Deno.test({
    name: `countTcpStates sees this process's sockets on ${hostname}`,
    ignore: !onLinux || !canListen(hostname),
    async fn() {
      const before = new Uint32Array(tcpStateCount);
      countTcpStates(before);
      const counts = new Uint32Array(tcpStateCount);
      using listener = Deno.listen({ hostname, port: 0 });
      const { port } = listener.addr;
      const connections = await Promise.all(
        Array.from({ length: 50 }, () => Deno.connect({ hostname, port })),
      );
      countTcpStates(counts);
      for (const connection of connections) connection.close();
      const risen = (state: number) => (counts[state] ?? 0) - (before[state] ?? 0);
      // Two ends of each; other processes may open and close theirs meanwhile.
      assert.ok(
        risen(1) >= 80 && risen(10) >= 0,
        `${risen(1)} more established, ${risen(10)} more listening`,
      );
    },
  });
}

function canListen(hostname: string): boolean {
  try {
    Deno.listen({ hostname, port: 0 }).close();
    return true;
  } catch {
    return false; // No IPv6 here.
  }
}
