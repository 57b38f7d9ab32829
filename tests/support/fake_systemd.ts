/**
 * A bus daemon with systemd behind it, made of the replies of a real one (systemd 252) below `tests/fixtures/dbus/`: `ListUnits.bin`,
 * `<last part of the object's path>.<property>.bin`, and so on. What was not recorded is answered with a recorded error.
 */
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { bodyOf, decodeMessage, messageLength } from "../../lib/dbus/message.ts";
import { readValues } from "../../lib/dbus/values.ts";

/** How it behaves once somebody has connected. */
export type Behaviour = "answers" | "is silent" | "refuses users" | "sends garbage" | "hangs up";

/** A server at a Unix socket. */
export interface FakeSystemd extends AsyncDisposable {
  /** Methods called, properties by their name, in order. */
  readonly calls: readonly string[];
  /** Connections that are open. */
  readonly open: number;
}

const fixtures = fileURLToPath(new URL("../fixtures/dbus", import.meta.url));

/** A recorded message. */
export function recordedMessage(name: string): Uint8Array<ArrayBuffer> {
  return Deno.readFileSync(`${fixtures}/${name}.bin`);
}

/** Listens at `path`. */
export function fakeSystemd(path: string, behaviour: Behaviour = "answers"): FakeSystemd {
  Deno.mkdirSync(dirname(path), { recursive: true });
  const listener = Deno.listen({ transport: "unix", path });
  const calls: string[] = [];
  const open = new Set<Deno.Conn>();
  const served = (async () => {
    const serving: Promise<void>[] = [];
    for await (const connection of listener) {
      open.add(connection);
      serving.push(
        serve(connection, behaviour, calls).finally(() => {
          open.delete(connection);
          connection.close();
        }),
      );
    }
    await Promise.all(serving);
  })();
  return {
    calls,
    get open() {
      return open.size;
    },
    async [Symbol.asyncDispose]() {
      listener.close();
      await served;
    },
  };
}

async function serve(connection: Deno.Conn, behaviour: Behaviour, calls: string[]): Promise<void> {
  let input: Uint8Array = new Uint8Array();
  const chunk = new Uint8Array(64 * 1024);
  const send = async (bytes: Uint8Array) => {
    for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
  };
  let authenticated = false;
  for (;;) {
    const count = await connection.read(chunk).catch(() => null);
    if (count === null || behaviour === "hangs up") return;
    input = Uint8Array.from([...input, ...chunk.subarray(0, count)]);
    if (behaviour === "is silent") continue;
    if (!authenticated) {
      const end = new TextDecoder().decode(input).indexOf("BEGIN\r\n");
      if (end === -1) continue;
      input = input.subarray(end + "BEGIN\r\n".length);
      const answer = behaviour === "refuses users"
        ? "REJECTED EXTERNAL\r\n"
        : "DATA\r\nOK 8c2af04685d4d501c4b33dd46b01724b\r\n";
      await send(new TextEncoder().encode(answer));
      authenticated = true;
    }
    for (
      let length = messageLength(input);
      length !== undefined && length <= input.length;
      length = messageLength(input)
    ) {
      const call = input.subarray(0, length);
      input = input.subarray(length);
      if (behaviour === "sends garbage") await send(new Uint8Array(64).fill(0xff));
      else await send(answerTo(call, calls));
    }
  }
}

function answerTo(call: Uint8Array, calls: string[]): Uint8Array {
  const serial = new DataView(call.buffer, call.byteOffset).getUint32(8, true);
  const { values: [, , , , , , fields] } = readValues(call, "yyyyuua(yv)", true);
  const entries = Array.isArray(fields) ? fields : [];
  const header = (code: number) => {
    const entry = entries.find((entry) => Array.isArray(entry) && entry[0] === code);
    return Array.isArray(entry) ? String(entry[1]) : "";
  };
  const message = decodeMessage(call);
  const [, property] = message.signature === "ss" ? bodyOf(message, "ss") : [];
  const object = header(1).split("/").at(-1);
  const asked = property === undefined ? header(3) : String(property);
  calls.push(asked);
  const name = property === undefined || object === "systemd1" ? asked : `${object}.${asked}`;
  const reply = withReplySerial(recordedOr(name, "unknown_property_error"), serial);
  // A real bus greets with a signal too.
  return asked === "Hello" ? Uint8Array.from([...reply, ...recordedMessage("name_acquired_signal")]) : reply;
}

function recordedOr(name: string, otherwise: string): Uint8Array<ArrayBuffer> {
  try {
    return recordedMessage(name);
  } catch {
    return recordedMessage(otherwise);
  }
}

/** The header field REPLY_SERIAL: code 5, a variant of type `u`. */
function withReplySerial(message: Uint8Array<ArrayBuffer>, serial: number): Uint8Array {
  const field = [5, 1, 0x75, 0];
  for (let at = 16; at < message.length - 8; at += 8) {
    if (field.every((byte, index) => message[at + index] === byte)) {
      new DataView(message.buffer).setUint32(at + 4, serial, true);
      return message;
    }
  }
  throw new Error("The recorded message has no reply serial");
}
