import assert from "node:assert/strict";
import { fakeSystemd, recordedMessage } from "../../tests/support/fake_systemd.ts";
import { connectDbus, type DbusSocket, openDbus } from "./connection.ts";
import { bodyOf, type DbusCall } from "./message.ts";

const onLinux = Deno.build.os === "linux";
const hello: DbusCall = { path: "/org/freedesktop/DBus", interface: "org.freedesktop.DBus", member: "Hello" };
const never = new AbortController().signal;

/** A socket that gives the server's bytes `chunkBytes` at a time, and then ends or waits for its end. */
function scriptedSocket(
  server: Uint8Array,
  chunkBytes: number,
  ends: boolean,
): DbusSocket & { readonly closed: boolean } {
  let at = 0;
  let closed = false;
  const end = Promise.withResolvers<null>();
  return {
    async read(into) {
      const chunk = server.subarray(at, at + Math.min(chunkBytes, into.length));
      if (chunk.length === 0) return ends ? null : await end.promise;
      into.set(chunk);
      at += chunk.length;
      return chunk.length;
    },
    write: (bytes) => Promise.resolve(bytes.length),
    close() {
      closed = true;
      end.resolve(null);
    },
    get closed() {
      return closed;
    },
  };
}

const accepted = new TextEncoder().encode("DATA\r\nOK 8c2af04685d4d501c4b33dd46b01724b\r\n");
const join = (...parts: Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));

/** A recorded reply as the one to message `serial`: the serial follows the field's code and type. */
function replyTo(serial: number, name: string): Uint8Array {
  const message = recordedMessage(name);
  const at = message.findIndex((byte, index) => index >= 16 && byte === 5 && message[index + 2] === 0x75) + 4;
  new DataView(message.buffer).setUint32(at, serial, true);
  return message;
}

Deno.test("openDbus reads replies that come byte by byte, out of order, and between signals", async () => {
  const signal = recordedMessage("name_acquired_signal");
  const server = join(accepted, signal, replyTo(2, "SystemState"), signal, replyTo(1, "NFailedUnits"));
  for (const chunkBytes of [1, 7, 100_000]) {
    const socket = scriptedSocket(server, chunkBytes, false);
    const connection = await openDbus(socket, "a test", never);
    const replies = await connection.call([hello, hello]);
    const values = replies.map((reply) => reply.status === "ok" ? bodyOf(reply.message, "v")[0] : reply);
    assert.deepEqual(values, [1, "degraded"]);
    connection.close();
    assert.ok(socket.closed);
  }
});

Deno.test("openDbus gives a refusal as a value", async () => {
  const server = join(accepted, replyTo(1, "unknown_property_error"));
  const connection = await openDbus(scriptedSocket(server, 512, false), "a test", never);
  const [reply] = await connection.call([hello]);
  assert.ok(reply?.status === "error");
  assert.equal(reply.name, "org.freedesktop.DBus.Error.UnknownProperty");
  assert.match(reply.text, /NoSuchProperty/);
  connection.close();
});

const broken: readonly [what: string, server: Uint8Array, message: RegExp][] = [
  ["refuses this user", new TextEncoder().encode("REJECTED EXTERNAL\r\n"), /Cannot authenticate at a test/],
  ["never ends a line", new Uint8Array(10_000).fill(0x41), /Cannot authenticate at a test/],
  ["hangs up", accepted, /Cannot ask a test/],
  ["sends garbage", join(accepted, new Uint8Array(64).fill(0xff)), /Cannot ask a test/],
  [
    "announces 128 MiB",
    join(accepted, Uint8Array.from([0x6c, 2, 0, 1, 0, 0, 0, 8, 1, 0, 0, 0, 0, 0, 0, 0])),
    /Cannot ask a test/,
  ],
];

for (const [what, server, message] of broken) {
  Deno.test(`openDbus closes the socket when the server ${what}`, async () => {
    const socket = scriptedSocket(server, 512, true);
    await assert.rejects(async () => await (await openDbus(socket, "a test", never)).call([hello]), {
      message,
    });
    assert.ok(socket.closed);
  });
}

Deno.test("openDbus ends when its signal is aborted while the server is silent", async () => {
  const controller = new AbortController();
  const socket = scriptedSocket(new Uint8Array(), 1, false);
  const opening = openDbus(socket, "a test", controller.signal);
  controller.abort();
  await assert.rejects(opening, /Cannot authenticate at a test/);
  assert.ok(socket.closed);
});

Deno.test({
  name: "connectDbus names the socket where nobody listens, and calls where somebody does",
  ignore: !onLinux,
  async fn() {
    const folder = Deno.makeTempDirSync();
    await assert.rejects(connectDbus(`${folder}/absent`, never), /Cannot connect to .*absent/);
    {
      await using server = fakeSystemd(`${folder}/bus`);
      const connection = await connectDbus(`${folder}/bus`, never);
      const [reply] = await connection.call([hello]);
      assert.equal(reply?.status, "ok");
      connection.close();
      assert.deepEqual(server.calls, ["Hello"]);
    }
    Deno.removeSync(folder, { recursive: true });
  },
});
