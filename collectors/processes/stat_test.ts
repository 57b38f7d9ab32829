import assert from "node:assert/strict";
import { bytesOf } from "../../lib/ascii.ts";
import { emptyStat, parseStat, processState } from "./stat.ts";

/** Captured from Linux 6.1; `flags` and the name vary. */
function line(name: string, flags = 4_194_560): string {
  return `811 (${name}) S 1 811 811 0 -1 ${flags} 3101 210 4 0 1500 250 7 3 20 0 9 0 4711 734003200 2048 ` +
    "18446744073709551615 94 95 140 0 0 0 0 4096 81 0 0 0 17 3 0 0 0 0 0 96 97 98 141 142 142 143 0\n";
}

/** The bytes as they stand in the buffer: a line break after them, then what was read before. */
function parse(text: string) {
  const bytes = bytesOf(text + "\n9 (old) R 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1\n");
  const stat = emptyStat();
  const length = bytesOf(text).length;
  return parseStat(bytes, length, stat)
    ? { ...stat, name: new TextDecoder().decode(bytes.slice(stat.nameStart, stat.nameEnd)) }
    : undefined;
}

for (
  const name of [
    "nginx",
    "a b",
    ")",
    "a) S 1 (b",
    "(sd-pam)",
    "x\ny",
    "",
    "ünï",
    "kworker/u8:2-events_unbound",
  ]
) {
  Deno.test(`parseStat reads a process called ${JSON.stringify(name)}`, () => {
    const stat = parse(line(name));
    assert.equal(stat?.name, name);
    assert.deepEqual(
      [stat?.cpuTicks, stat?.threads, stat?.startTicks, stat?.residentPages, stat?.isKernelThread],
      [1750, 9, 4711, 2048, false],
    );
    assert.equal(processState(stat?.state ?? 0), "sleeping");
  });
}

Deno.test("parseStat tells kernel threads by their flag", () => {
  assert.equal(parse(line("kthreadd", 2_129_984))?.isKernelThread, true);
});

Deno.test("parseStat refuses what is empty, cut off at any place, or no stat", () => {
  const whole = line("nginx");
  const enough = whole.indexOf(" 2048 ") + 2;
  for (let length = 0; length < enough; length++) {
    assert.equal(parse(whole.slice(0, length)), undefined, whole.slice(0, length));
  }
  assert.equal(parse("garbage"), undefined);
  assert.equal(parse(")("), undefined);
  assert.equal(parse("1 (x) S a b c d e f g h i j k l m n o p q r s t u v w"), undefined);
});

Deno.test("processState names every letter of the kernel's", () => {
  const states = [..."RSDTtZIXPWx"].map((letter) => processState(letter.charCodeAt(0)));
  assert.deepEqual(states, [
    "running",
    "sleeping",
    "disk_sleep",
    "stopped",
    "stopped",
    "zombie",
    "idle",
    "other",
    "other",
    "other",
    "other",
  ]);
});
