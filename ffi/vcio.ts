/**
 * The firmware of a Raspberry Pi, asked through `/dev/vcio` (Raspberry Pi Linux: `drivers/char/broadcom/vcio.c`; the wiki of
 * raspberrypi/firmware: "Mailbox property interface"). The group `video` may open it.
 *
 * A message is of 32-bit words, little-endian: its length in bytes, 0 (an answer has 0x80000000 there), then one tag: its number, the
 * length of its values in bytes, 0 (an answer has bit 31 set, and the length of what the firmware knows), the values, which the answer
 * replaces; then 0. One tag each, as the driver drops the answers to all when the firmware does not know one.
 */
import { openDevice } from "./libc.ts";

/** `_IOWR(100, 0, char *)` with pointers of 8 bytes. */
const IOCTL_MBOX_PROPERTY = 0xc008_6400;
const answered = 0x8000_0000;
const valuesAt = 5;

/** The firmware of this machine. */
export interface Firmware {
  /** The values that the firmware gives for a tag, whose request is `values` (as many words as the answer has); `undefined` where it knows none. */
  ask(tag: number, values: readonly number[]): Uint32Array | undefined;
  close(): void;
}

/**
 * Opens the device file at `path`.
 *
 * @throws When it is not there or may not be opened.
 */
export function openFirmware(path: string): Firmware {
  const device = openDevice(path);
  return {
    ask(tag, values) {
      const message = propertyMessage(tag, values);
      try {
        device.control(IOCTL_MBOX_PROPERTY, message);
      } catch {
        return undefined; // EINVAL: this firmware does not know the tag; ENOTTY: it is no such device.
      }
      return propertyAnswer(message);
    },
    close: () => device.close(),
  };
}

/** The message that asks for one tag. */
export function propertyMessage(tag: number, values: readonly number[]): Uint32Array<ArrayBuffer> {
  const message = new Uint32Array(valuesAt + values.length + 1);
  message.set([message.byteLength, 0, tag, values.length * 4, 0, ...values]);
  return message;
}

/** The values in an answered message; `undefined` when the firmware did not answer, or with less than was asked for. */
export function propertyAnswer(message: Uint32Array): Uint32Array | undefined {
  const [, status, , bufferBytes = 0, length = 0] = message;
  if (status !== answered || length < answered || length - answered < bufferBytes) return undefined;
  return message.slice(valuesAt, valuesAt + bufferBytes / 4);
}
