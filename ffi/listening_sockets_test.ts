import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { type ListeningSocket, listeningSockets, readListeners } from "./listening_sockets.ts";

const onLinux = Deno.build.os === "linux";
if (onLinux) listeningSockets(); // Loads the C library outside of the tests, which look for leaks.

/** A message: header of type 20 and `inet_diag_msg`, followed by an attribute of 8 bytes. */
function message(family: number, port: number, address: readonly number[], payloadBytes = 80): Uint8Array {
  const bytes = new Uint8Array(16 + payloadBytes);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, bytes.length, true);
  view.setUint16(4, 20, true);
  view.setUint8(16, family);
  if (payloadBytes < 72) return bytes;
  view.setUint16(20, port);
  bytes.set(address, 24);
  view.setUint32(72, 3, true);
  view.setUint32(76, 128, true);
  view.setUint32(80, 1000, true);
  view.setUint32(84, 4_000_000_000, true);
  return bytes;
}

Deno.test("readListeners reads addresses, queues, user and inode", () => {
  const sockets: ListeningSocket[] = [];
  assert.equal(readListeners(message(2, 443, [127, 0, 0, 1]), "tcp", sockets), false);
  readListeners(message(10, 53, [0x20, 0x01, 0x0d, 0xb8]), "udp", sockets);
  const figures = { uid: 1000, inode: 4_000_000_000, receiveQueue: 3, sendQueue: 128 };
  assert.deepEqual(sockets, [
    { protocol: "tcp", address: "127.0.0.1", port: 443, ...figures },
    { protocol: "udp", address: "2001:db8::", port: 53, ...figures },
  ]);
});

Deno.test("readListeners fails when a message is too short for a socket", () => {
  assert.throws(() => readListeners(message(2, 1, [], 40), "tcp", []), /described in 40 bytes instead of 72/);
});

Deno.test({
  name: "listeningSockets sees this process's TCP and UDP sockets",
  ignore: !onLinux,
  async fn() {
    using tcp = Deno.listen({ hostname: "127.0.0.1", port: 0, tcpBacklog: 7 });
    const udp = createSocket("udp4");
    try {
      await new Promise<void>((resolve) => udp.bind(0, "127.0.0.1", resolve));
      const ports = { tcp: tcp.addr.port, udp: udp.address().port };
      const sockets = listeningSockets();
      for (const protocol of ["tcp", "udp"] as const) {
        const socket = sockets.find((entry) => entry.protocol === protocol && entry.port === ports[protocol]);
        assert.ok(socket !== undefined, protocol);
        assert.equal(socket.address, "127.0.0.1");
        assert.equal(socket.uid, Deno.uid());
        assert.ok(socket.inode > 0);
        assert.equal(socket.receiveQueue, 0);
        assert.equal(socket.sendQueue, protocol === "tcp" ? 7 : 0);
      }
    } finally {
      await new Promise<void>((resolve) => udp.close(() => resolve()));
    }
  },
});
