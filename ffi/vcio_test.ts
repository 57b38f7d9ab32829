import assert from "node:assert/strict";
import { openDevice } from "./libc.ts";
import { openFirmware, propertyAnswer, propertyMessage } from "./vcio.ts";

const onLinux = Deno.build.os === "linux";
if (onLinux) openDevice("/dev/null").close(); // Loads the C library outside of the tests, which look for leaks.

Deno.test("propertyMessage has its length, one tag with its values, and the end", () => {
  assert.deepEqual([...propertyMessage(0x00030047, [3, 0])], [32, 0, 0x00030047, 8, 0, 3, 0, 0]);
});

const answers: readonly [what: string, words: readonly number[], values: number[] | undefined][] = [
  ["it is answered", [28, 0x80000000, 0x00030046, 4, 0x80000004, 0x50005, 0], [0x50005]],
  ["the firmware knows more than fits", [28, 0x80000000, 0x00030046, 4, 0x80000010, 1, 0], [1]],
  ["the tag is not known", [28, 0x80000000, 0x00030046, 4, 0, 0, 0], undefined],
  ["the request was refused", [28, 0x80000001, 0x00030046, 4, 0x80000004, 0, 0], undefined],
  ["the answer is shorter than asked for", [32, 0x80000000, 0x00030047, 8, 0x80000004, 3, 0, 0], undefined],
  ["there is nothing", [], undefined],
];
for (const [what, words, values] of answers) {
  Deno.test(`propertyAnswer gives ${values === undefined ? "nothing" : "the values"} when ${what}`, () => {
    const answer = propertyAnswer(new Uint32Array(words));
    assert.deepEqual(answer === undefined ? undefined : [...answer], values);
  });
}

Deno.test({
  name: "openDevice passes a request and brings the driver's answer back",
  ignore: !onLinux,
  fn() {
    const RNDGETENTCNT = 0x80045200;
    const device = openDevice("/dev/urandom");
    const bits = new Uint32Array([0xffff_ffff]);
    device.control(RNDGETENTCNT, bits);
    assert.ok((bits[0] ?? Infinity) <= 4096, `${bits[0]} bits of entropy`);
    assert.throws(() => device.control(0xc0086400, bits), /ioctl\(.*\) failed with errno (22|25)$/);
    device.close();
    assert.throws(() => openDevice("/dev/there is no such device"), /failed with errno 2$/);
    assert.throws(() => openDevice("/dev/null\0"), /NUL/);
  },
});

Deno.test({
  name: "openFirmware gives nothing when the device is not the firmware's",
  ignore: !onLinux,
  fn() {
    const firmware = openFirmware("/dev/null");
    assert.equal(firmware.ask(0x00030046, [0]), undefined);
    firmware.close();
  },
});
