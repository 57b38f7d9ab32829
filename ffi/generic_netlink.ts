/**
 * Generic netlink (kernel: `Documentation/userspace-api/netlink/intro.rst`, `linux/genetlink.h`): a kernel subsystem, here called
 * a family, answers commands with lists of attributes.
 *
 * Request and reply: `nlmsghdr` (16 bytes: length u32, type u16, flags u16, sequence u32, port u32), `genlmsghdr` (command u8, version u8,
 * 2 reserved), attributes. An attribute (`nlattr`): length u16 with these 4 bytes, type u16, the value, padding to 4. The message's
 * type is the family's number, which the controller (family 16) gives for its name. Numbers are little-endian.
 */
import { openSocket, type RawSocket } from "./libc.ts";
import { eachMessage, NetlinkError } from "./netlink.ts";

const AF_NETLINK = 16;
const SOCK_RAW = 3;
const NETLINK_GENERIC = 16;
const GENL_ID_CTRL = 16;
const CTRL_CMD_GETFAMILY = 3;
const CTRL_ATTR_FAMILY_ID = 1;
const CTRL_ATTR_FAMILY_NAME = 2;
const NLM_F_REQUEST = 0x001;
const NLM_F_DUMP = 0x300;
const ENOENT = 2;

const headerBytes = 20;
/** What the kernel fills at most in one datagram of a dump. */
const replyBytes = 32 * 1024;
/** A dump that is longer is cut: nothing asked for here is. */
const mostDatagrams = 64;

/** One value of a request or of a reply; `bytes` without header and padding. */
export interface Attribute {
  readonly type: number;
  readonly bytes: Uint8Array;
}

/** Attributes of one message by type; of several of one type the last. */
export type Attributes = ReadonlyMap<number, Uint8Array>;

/** A family of this machine's kernel. */
export interface GenericNetlink {
  /**
   * Every message of the answer to a command that lists something.
   *
   * @throws {NetlinkError} When the kernel refuses.
   */
  dump(command: number, attributes?: readonly Attribute[]): Attributes[];
  close(): void;
}

/**
 * Opens the family `name`, e.g. `nl80211`; `undefined` when the kernel has none of this name (no driver of the kind is loaded).
 *
 * @throws When netlink is not to be had.
 */
export function openGenericNetlink(name: string): GenericNetlink | undefined {
  const socket = openSocket(AF_NETLINK, SOCK_RAW, NETLINK_GENERIC);
  try {
    const family = familyNumber(socket, name);
    if (family !== undefined) {
      return {
        dump: (command, attributes = []) => dump(socket, requestOf(family, NLM_F_DUMP, command, attributes)),
        close: () => socket.close(),
      };
    }
  } catch (cause) {
    socket.close();
    throw new Error(`Cannot ask the kernel for ${name} over netlink`, { cause });
  }
  socket.close();
  return undefined;
}

function familyNumber(socket: RawSocket, name: string): number | undefined {
  const bytes = new TextEncoder().encode(`${name}\0`);
  socket.send(requestOf(GENL_ID_CTRL, 0, CTRL_CMD_GETFAMILY, [{ type: CTRL_ATTR_FAMILY_NAME, bytes }]));
  const reply = new Uint8Array(replyBytes);
  try {
    const { messages } = genericMessages(reply.subarray(0, socket.receive(reply)));
    const id = messages[0]?.get(CTRL_ATTR_FAMILY_ID);
    return id === undefined ? undefined : readNumber(id);
  } catch (error) {
    if (error instanceof NetlinkError && error.errno === ENOENT) return undefined;
    throw error;
  }
}

function dump(socket: RawSocket, request: Uint8Array<ArrayBuffer>): Attributes[] {
  socket.send(request);
  const all: Attributes[] = [];
  for (let count = 0; count < mostDatagrams; count++) {
    const reply = new Uint8Array(replyBytes); // Attributes are views of it.
    const { messages, isLast } = genericMessages(reply.subarray(0, socket.receive(reply)));
    all.push(...messages);
    if (isLast) break;
  }
  return all;
}

/** A request in one piece of memory. */
function requestOf(
  family: number,
  flags: number,
  command: number,
  attributes: readonly Attribute[],
): Uint8Array<ArrayBuffer> {
  const length = attributes.reduce((sum, { bytes }) => sum + aligned(4 + bytes.length), headerBytes);
  const request = new Uint8Array(length);
  const view = new DataView(request.buffer);
  view.setUint32(0, length, true);
  view.setUint16(4, family, true);
  view.setUint16(6, NLM_F_REQUEST | flags, true);
  view.setUint8(16, command);
  let at = headerBytes;
  for (const { type, bytes } of attributes) {
    view.setUint16(at, 4 + bytes.length, true);
    view.setUint16(at + 2, type, true);
    request.set(bytes, at + 4);
    at += aligned(4 + bytes.length);
  }
  return request;
}

/**
 * The messages of one datagram, and whether the answer ends with it.
 *
 * @throws {NetlinkError} When it carries an error of the kernel's.
 * @throws When it is malformed.
 */
export function genericMessages(datagram: Uint8Array): { messages: Attributes[]; isLast: boolean } {
  const messages: Attributes[] = [];
  const isLast = eachMessage(datagram, (_type, start, end) => {
    if (end - start >= 4) messages.push(attributesOf(datagram.subarray(start + 4, end)));
  });
  return { messages, isLast };
}

/** Takes attributes apart, as a message's payload or an attribute that holds others has them; what is cut off is left out. */
export function attributesOf(bytes: Uint8Array): Attributes {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const attributes = new Map<number, Uint8Array>();
  for (let at = 0; at + 4 <= bytes.length;) {
    const length = view.getUint16(at, true);
    if (length < 4 || at + length > bytes.length) break;
    // The two highest bits say that it holds others, and that it is big-endian.
    attributes.set(view.getUint16(at + 2, true) & 0x3fff, bytes.subarray(at + 4, at + length));
    at += aligned(length);
  }
  return attributes;
}

/** The unsigned number in an attribute of 1, 2, 4 or 8 bytes, above 2^53 rounded; `undefined` for another length. */
export function readNumber(bytes: Uint8Array): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (bytes.length) {
    case 1:
      return view.getUint8(0);
    case 2:
      return view.getUint16(0, true);
    case 4:
      return view.getUint32(0, true);
    case 8:
      return view.getUint32(0, true) + view.getUint32(4, true) * 2 ** 32;
    default:
      return undefined;
  }
}

function aligned(length: number): number {
  return (length + 3) & ~3;
}
