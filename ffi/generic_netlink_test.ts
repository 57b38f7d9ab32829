import assert from "node:assert/strict";
import { attributesOf, genericMessages, openGenericNetlink, readNumber } from "./generic_netlink.ts";
import { NetlinkError } from "./netlink.ts";

const onLinux = Deno.build.os === "linux";
if (onLinux) openGenericNetlink("nlctrl")?.close(); // Loads the C library outside of the tests, which look for leaks.

function message(type: number, payload: readonly number[]): number[] {
  const length = 16 + payload.length;
  return [length & 0xff, length >> 8, 0, 0, type, 0, 2, 0, ...Array(8).fill(0), ...payload];
}

Deno.test("genericMessages gives each message's attributes, nested marks off, until the end", () => {
  const datagram = new Uint8Array([
    ...message(32, [5, 0, 0, 0, 8, 0, 3, 0, 7, 0, 0, 0, 5, 0, 4, 0x80, 65, 0, 0, 0]),
    ...message(3, [0, 0, 0, 0]),
  ]);
  const { messages, isLast } = genericMessages(datagram);
  assert.equal(isLast, true);
  assert.deepEqual(messages.map((attributes) => [...attributes].map(([type, bytes]) => [type, [...bytes]])), [
    [[3, [7, 0, 0, 0]], [4, [65]]],
  ]);
});

Deno.test("genericMessages throws the kernel's error when it answers with one", () => {
  const refused = new Uint8Array(message(2, [0xfe, 0xff, 0xff, 0xff]));
  assert.throws(
    () => genericMessages(refused),
    (error) => error instanceof NetlinkError && error.errno === 2,
  );
  assert.throws(() => genericMessages(new Uint8Array(7)), /header is cut off/);
});

const malformed: readonly [what: string, bytes: readonly number[]][] = [
  ["a length is 0", [0, 0, 1, 0]],
  ["a length is more than there is", [200, 0, 1, 0, 1]],
  ["a header is cut off", [8, 0]],
];
for (const [what, bytes] of malformed) {
  Deno.test(`attributesOf ends the list when ${what}`, () => {
    assert.deepEqual([...attributesOf(new Uint8Array([4, 0, 9, 0, ...bytes])).keys()], [9]);
  });
}

Deno.test("readNumber reads 1, 2, 4 and 8 bytes and nothing else", () => {
  const bytes = new Uint8Array([1, 2, 0, 0, 1, 0, 0, 0]);
  assert.deepEqual([1, 2, 3, 4, 8].map((length) => readNumber(bytes.subarray(0, length))), [
    1,
    0x0201,
    undefined,
    0x0201,
    2 ** 32 + 0x0201,
  ]);
});

Deno.test({
  name: "openGenericNetlink lists the kernel's own families, and knows none of another name",
  ignore: !onLinux,
  fn() {
    assert.equal(openGenericNetlink("no such family"), undefined);
    const controller = openGenericNetlink("nlctrl");
    assert.ok(controller);
    const names = controller.dump(3).map((family) => new TextDecoder().decode(family.get(2)));
    controller.close();
    assert.ok(names.includes("nlctrl\0"), names.join());
  },
});
