import assert from "node:assert/strict";
import { bytesOf } from "../../lib/ascii.ts";
import { fixtureHost } from "../../tests/support/fixture_host.ts";
import { parseStat } from "./parse.ts";

interface Line {
  readonly cpu: number | "all";
  readonly seconds: readonly number[];
  readonly modes: number;
}

function parse(text: string | Uint8Array) {
  const lines: Line[] = [];
  const counters = parseStat(typeof text === "string" ? bytesOf(text) : text, (cpu, seconds, modes) => {
    lines.push({ cpu, seconds: [...seconds], modes });
  });
  return { lines, counters };
}

const tail =
  "intr 7 1 2\nctxt 8\nbtime 1795250972\nprocesses 9\nprocs_running 2\nprocs_blocked 1\nsoftirq 1 2\n";

Deno.test("parseStat reads seconds by mode, with guests taken out of user and nice", () => {
  const { lines, counters } = parse(
    `cpu  1000 500 300 9000 40 1 2 3 250 100\ncpu0 1000 500 300 9000 40 1 2 3 250 100\n${tail}`,
  );
  const seconds = [7.5, 4, 3, 90, 0.4, 0.01, 0.02, 0.03, 2.5, 1];
  assert.deepEqual(lines, [{ cpu: "all", seconds, modes: 10 }, { cpu: 0, seconds, modes: 10 }]);
  assert.deepEqual(counters, {
    onlineCount: 1,
    interrupts: 7,
    contextSwitches: 8,
    bootTimeSeconds: 1795250972,
    forks: 9,
    processesRunning: 2,
    processesBlocked: 1,
  });
});

Deno.test("parseStat never makes user time negative when guest time was read a moment later", () => {
  const { lines } = parse(`cpu  10 0 0 100 0 0 0 0 11 0\n${tail}`);
  assert.equal(lines[0]?.seconds[0], 0);
});

Deno.test("parseStat says how many modes an old kernel has", () => {
  const { lines } = parse(Deno.readFileSync(fixtureHost("centos_7_3_10").fs.proc("stat")));
  assert.deepEqual(lines.map(({ modes }) => modes), [7, 7, 7, 7, 7]);
});

Deno.test("parseStat reads 63 online processors by their number when one of 64 is offline", () => {
  const { lines, counters } = parse(Deno.readFileSync(fixtureHost("debian_64_cores").fs.proc("stat")));
  const numbers = lines.slice(1).map(({ cpu }) => cpu);
  assert.deepEqual(numbers, Array.from({ length: 64 }, (_, cpu) => cpu).filter((cpu) => cpu !== 17));
  assert.equal(counters.onlineCount, 63);
});

Deno.test("parseStat ignores modes that a later kernel may add", () => {
  assert.equal(parse(`cpu  1 2 3 4 5 6 7 8 9 10 11 12\n${tail}`).lines[0]?.modes, 10);
});

const malformed: readonly [file: string, complaint: RegExp][] = [
  [`cpu  1 2 3 4`, /its last line is cut off/],
  [`intr 1\nctxt 2\n`, /does not begin with a "cpu" line/],
  [`cpu0 1 2 3 4\n${tail}`, /its line 1 is not of all processors/],
  [`cpu  1 2 3 4\ncpux 1 2 3 4\n${tail}`, /its line 2 is not of a processor/],
  [`cpu  1 2 3 4\ncpu 1 2 3 4\n${tail}`, /its line 2 is not of a processor/],
  [`cpu  1 2 3 4\ncpu99999999 1 2 3 4\n${tail}`, /its line 2 is not of a processor/],
  [`cpu  1 2 3\n${tail}`, /a "cpu" line has 3 times instead of at least 4/],
  [`cpu  a b c d\n${tail}`, /a "cpu" line has 0 times/],
  [`cpu  1 2 3 4\nintr 1\nctxt 2\nbtime 3\nprocesses 4\n`, /it has no "procs_running" line with a number/],
  [`cpu  1 2 3 4\n${tail.replace("btime 1795250972", "btime soon")}`, /it has no "btime" line with a number/],
];
for (const [file, complaint] of malformed) {
  Deno.test(`parseStat refuses ${JSON.stringify(file.slice(0, 40))} with ${complaint}`, () => {
    assert.throws(() => parse(file), complaint);
  });
}
