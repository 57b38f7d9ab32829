import assert from "node:assert/strict";
import * as fc from "fast-check";
import { recordedMessage } from "../../tests/support/fake_systemd.ts";
import {
  bodyOf,
  decodeMessage,
  encodeCall,
  messageLength,
  messageType,
  mostMessageBytes,
} from "./message.ts";
import { DbusFormatError } from "./values.ts";

Deno.test("encodeCall writes what a bus daemon reads", () => {
  const call = encodeCall(0x01020304, { path: "/a", interface: "b.c", member: "M", args: ["x", "\u00e9"] });
  const text = String.fromCharCode(...call);
  assert.equal(text.slice(0, 16), "l\x01\x00\x01\x0f\x00\x00\x00\x04\x03\x02\x01\x38\x00\x00\x00");
  assert.equal(text.slice(16, 32), "\x01\x01o\x00\x02\x00\x00\x00/a\x00\x00\x00\x00\x00\x00");
  assert.equal(text.slice(32, 48), "\x02\x01s\x00\x03\x00\x00\x00b.c\x00\x00\x00\x00\x00");
  assert.equal(text.slice(48, 64), "\x03\x01s\x00\x01\x00\x00\x00M\x00\x00\x00\x00\x00\x00\x00");
  assert.equal(text.slice(64, 72), "\x08\x01g\x00\x02ss\x00");
  assert.equal(text.slice(72), "\x01\x00\x00\x00x\x00\x00\x00\x02\x00\x00\x00\xc3\xa9\x00");
});

Deno.test("decodeMessage reads a call with a destination back", () => {
  const message = decodeMessage(
    encodeCall(7, { destination: "d.e", path: "/", interface: "i.j", member: "Get", args: ["a", "b"] }),
  );
  assert.equal(message.type, messageType.call);
  assert.deepEqual(bodyOf(message, "ss"), ["a", "b"]);
});

Deno.test("decodeMessage reads the replies of a real systemd", () => {
  const units = bodyOf(decodeMessage(recordedMessage("ListUnits")), "a(ssssssouso)")[0];
  assert.ok(Array.isArray(units) && units.length === 162);
  const values = new Map(
    ["spectra_2dgood_2eservice.MemoryCurrent", "spectra_2dgood_2eservice.CPUUsageNSec", "SystemState"].map((
      name,
    ) => [name.split(".").at(-1), bodyOf(decodeMessage(recordedMessage(name)), "v")[0]]),
  );
  assert.equal(values.get("MemoryCurrent"), 180_224);
  assert.equal(values.get("CPUUsageNSec"), 2 ** 64);
  assert.equal(values.get("SystemState"), "degraded");
});

Deno.test("decodeMessage reads all 303 properties of a service", () => {
  const properties = bodyOf(decodeMessage(recordedMessage("GetAll_Service")), "a{sv}")[0];
  assert.ok(Array.isArray(properties) && properties.length === 303);
  const started = properties.find((entry) => Array.isArray(entry) && entry[0] === "ExecStart");
  assert.ok(Array.isArray(started) && Array.isArray(started[1]) && Array.isArray(started[1][0]));
  assert.deepEqual(started[1][0].slice(0, 3), ["/bin/sleep", ["/bin/sleep", "infinity"], false]);
});

Deno.test("decodeMessage tells an error and a signal from a reply", () => {
  const error = decodeMessage(recordedMessage("unknown_property_error"));
  assert.equal(error.type, messageType.error);
  assert.equal(error.errorName, "org.freedesktop.DBus.Error.UnknownProperty");
  assert.equal(decodeMessage(recordedMessage("name_acquired_signal")).type, messageType.signal);
});

Deno.test("bodyOf refuses another signature than the expected one", () => {
  assert.throws(() => bodyOf(decodeMessage(recordedMessage("ListUnits")), "v"), DbusFormatError);
});

Deno.test("messageLength waits for 16 bytes, and refuses what is no message or too long", () => {
  const message = recordedMessage("Hello");
  assert.equal(messageLength(message.subarray(0, 15)), undefined);
  assert.equal(messageLength(message.subarray(0, 16)), message.length);
  const huge = message.slice(0, 16);
  new DataView(huge.buffer).setUint32(4, mostMessageBytes, true);
  assert.throws(() => messageLength(huge), /longer than/);
  assert.throws(() => messageLength(new Uint8Array(16).fill(0xff)), /no byte order/);
  assert.throws(() => messageLength(Uint8Array.from([0x6c, 1, 0, 9, ...new Uint8Array(12)])), /version 9/);
});

Deno.test("decodeMessage gives a message or a DbusFormatError when bytes of a real one are changed or cut off", () => {
  const real = ["unknown_property_error", "SystemState", "name_acquired_signal", "GetAll_Service"].map(
    recordedMessage,
  );
  const change = fc.record({ at: fc.nat(), byte: fc.nat(255) });
  fc.assert(
    fc.property(
      fc.constantFrom(...real),
      fc.array(change, { maxLength: 8 }),
      fc.nat(),
      (message, changes, cut) => {
        const bytes = message.slice(0, cut % 3 === 0 ? cut % message.length : undefined);
        for (const { at, byte } of changes) {
          if (bytes.length > 0) {
            bytes[at % Math.min(bytes.length, 200)] = byte;
          }
        }
        try {
          const decoded = decodeMessage(bytes);
          bodyOf(decoded, decoded.signature);
        } catch (error) {
          assert.ok(error instanceof DbusFormatError, String(error));
        }
      },
    ),
    { numRuns: 3000 },
  );
});
