/**
 * A client's connection to a D-Bus socket: the bus daemon's, or that of one peer (systemd's private one).
 *
 * Authentication is EXTERNAL: the server takes the user from the socket itself, so that no number is sent and user namespaces do
 * not matter. What needs no answer to go on is sent at once, as sd-bus does.
 */
import {
  bodyOf,
  type DbusCall,
  type DbusMessage,
  decodeMessage,
  encodeCall,
  messageLength,
  messageType,
} from "./message.ts";
import { DbusFormatError } from "./values.ts";

/** What a call came to. */
export type DbusReply =
  | { readonly status: "ok"; readonly message: DbusMessage }
  /** The peer refused; `name` is e.g. `org.freedesktop.DBus.Error.AccessDenied`. */
  | { readonly status: "error"; readonly name: string; readonly text: string };

/** An open connection. */
export interface DbusConnection {
  /**
   * Makes all calls at once and waits for all replies, which come in the order of the calls.
   *
   * It has no deadline: close the connection to end it.
   *
   * @throws When the connection breaks, is closed, or the peer sends what is no D-Bus.
   */
  call(calls: readonly DbusCall[]): Promise<DbusReply[]>;
  /** Closes the socket; calls in flight fail. */
  close(): void;
}

const authentication = "\0AUTH EXTERNAL\r\nDATA\r\nBEGIN\r\n";
/** Longest answer to it. */
const mostAuthenticationBytes = 4096;

/** The byte stream of a socket; {@linkcode Deno.connect} gives one. */
export type DbusSocket = Pick<Deno.Conn, "read" | "write" | "close">;

/**
 * Opens the Unix socket at `path` and authenticates. The signal closes the connection at any time, also while it is being opened.
 *
 * @throws When there is no such socket, it may not be used, or the server refuses this user; the message names the socket.
 */
export async function connectDbus(path: string, signal: AbortSignal): Promise<DbusConnection> {
  let socket: Deno.UnixConn;
  try {
    socket = await Deno.connect({ transport: "unix", path });
  } catch (cause) {
    throw new Error(`Cannot connect to ${path}`, { cause });
  }
  return await openDbus(socket, path, signal);
}

/** As {@linkcode connectDbus}, on an open socket, which it closes. `name` is what errors call it. */
export async function openDbus(
  socket: DbusSocket,
  name: string,
  signal: AbortSignal,
): Promise<DbusConnection> {
  let closed = false;
  function close(): void {
    if (closed) return;
    closed = true;
    signal.removeEventListener("abort", close);
    socket.close();
  }
  signal.addEventListener("abort", close);
  if (signal.aborted) close();

  const input = inputOf(socket);
  try {
    await writeAll(socket, new TextEncoder().encode(authentication));
    await authenticated(input);
  } catch (cause) {
    close();
    throw new Error(`Cannot authenticate at ${name}`, { cause });
  }

  let nextSerial = 1;
  return {
    async call(calls) {
      const first = nextSerial;
      nextSerial += calls.length;
      const replies: DbusReply[] = [];
      let missing = calls.length;
      const receive = async () => {
        while (missing > 0) {
          const message = decodeMessage(await input.message());
          const index = (message.replySerial ?? 0) - first;
          // Signals, and calls to us, are not for us: we offer nothing and have subscribed to nothing.
          if (index < 0 || index >= calls.length || replies[index] !== undefined) continue;
          if (message.type !== messageType.reply && message.type !== messageType.error) continue;
          replies[index] = replyOf(message);
          missing--;
        }
      };
      try {
        // Both at once: with much in flight the peer reads no more before we do.
        await Promise.all([writeAll(socket, encodeAll(first, calls)), receive()]);
      } catch (cause) {
        close();
        throw new Error(`Cannot ask ${name}`, { cause });
      }
      return replies;
    },
    close,
  };
}

function encodeAll(firstSerial: number, calls: readonly DbusCall[]): Uint8Array {
  const messages = calls.map((call, index) => encodeCall(firstSerial + index, call));
  const bytes = new Uint8Array(messages.reduce((sum, message) => sum + message.length, 0));
  let at = 0;
  for (const message of messages) {
    bytes.set(message, at);
    at += message.length;
  }
  return bytes;
}

function replyOf(message: DbusMessage): DbusReply {
  if (message.type === messageType.reply) return { status: "ok", message };
  const [text] = message.signature.startsWith("s") ? bodyOf(message, message.signature) : [];
  return {
    status: "error",
    name: message.errorName ?? "an error without a name",
    text: typeof text === "string" ? text : "",
  };
}

async function writeAll(socket: DbusSocket, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await socket.write(bytes.subarray(at));
}

/** The server's lines: `DATA` (what it would like to know, nothing), then `OK` and its identity. */
async function authenticated(input: Input): Promise<void> {
  const asked = await input.line();
  const answer = asked.startsWith("DATA") ? await input.line() : asked;
  if (!answer.startsWith("OK")) throw new Error(`The server does not accept this user: ${answer}`);
}

/** What arrives, cut into lines and messages. */
interface Input {
  line(): Promise<string>;
  message(): Promise<Uint8Array>;
}

function inputOf(socket: DbusSocket): Input {
  let buffer = new Uint8Array(16 * 1024);
  let start = 0;
  let end = 0;

  /** Reads more, so that at least `needed` bytes fit behind `start`. */
  async function more(needed: number): Promise<void> {
    if (start + needed > buffer.length || end === buffer.length) {
      const larger = needed > buffer.length ? new Uint8Array(Math.max(needed, 2 * buffer.length)) : buffer;
      larger.set(buffer.subarray(start, end));
      buffer = larger;
      end -= start;
      start = 0;
    }
    const count = await socket.read(buffer.subarray(end));
    if (count === null) throw new Error("The server has closed the connection");
    end += count;
  }

  return {
    async line() {
      for (;;) {
        const lineEnd = buffer.subarray(start, end).indexOf(0x0a);
        if (lineEnd !== -1) {
          const line = new TextDecoder().decode(buffer.subarray(start, start + lineEnd)).trimEnd();
          start += lineEnd + 1;
          return line;
        }
        if (end - start > mostAuthenticationBytes) throw new DbusFormatError("The answer to AUTH has no end");
        await more(end - start + 1);
      }
    },
    async message() {
      for (;;) {
        const length = messageLength(buffer.subarray(start, end));
        if (length !== undefined && end - start >= length) {
          const message = buffer.slice(start, start + length);
          start += length;
          return message;
        }
        await more(length ?? 16);
      }
    },
  };
}
