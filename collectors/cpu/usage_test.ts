import assert from "node:assert/strict";
import { modeCount } from "./parse.ts";
import { processorTimes } from "./usage.ts";
import { trackProcessors } from "./processors.ts";

/** user, nice, system, idle, iowait, irq, softirq, steal, guest, guest_nice */
function times(...seconds: number[]): Float64Array {
  const all = new Float64Array(modeCount);
  all.set(seconds);
  return all;
}

Deno.test("advance gives the share that is neither idle nor iowait, from the second reading on", () => {
  const processor = processorTimes();
  assert.equal(processor.advance(times(10, 0, 10, 100, 5)), undefined);
  assert.equal(processor.advance(times(11, 1, 11, 104, 8)), 30);
});

Deno.test("advance counts steal, interrupts and guests as busy", () => {
  const processor = processorTimes();
  processor.advance(times());
  assert.equal(processor.advance(times(0, 0, 0, 5, 0, 1, 1, 1, 1, 1)), 50);
});

Deno.test("advance gives nothing when no time has passed", () => {
  const processor = processorTimes();
  processor.advance(times(1, 1, 1, 1));
  assert.equal(processor.advance(times(1, 1, 1, 1)), undefined);
});

Deno.test("advance holds a mode that goes back a little, until it has caught up", () => {
  const processor = processorTimes();
  processor.advance(times(10, 0, 0, 100, 5));
  assert.equal(processor.advance(times(11, 0, 0, 99.5, 4)), 100);
  assert.deepEqual([...processor.seconds.slice(0, 5)], [11, 0, 0, 100, 5]);
  assert.equal(processor.advance(times(12, 0, 0, 101, 5)), 50);
});

const restarts: readonly [what: string, now: Float64Array][] = [
  ["idle time falls by 3 s (the processor was plugged in again)", times(60, 0, 0, 97)],
  ["the sum falls by 3 s", times(1, 0, 0, 101)],
];
for (const [what, now] of restarts) {
  Deno.test(`advance starts afresh when ${what}`, () => {
    const processor = processorTimes();
    processor.advance(times(50, 0, 0, 100));
    assert.equal(processor.advance(now), undefined);
    assert.deepEqual(processor.seconds, now);
  });
}

/** The reading after `at` times 10 s, of which each processor was busy half. */
function read(processors: ReturnType<typeof trackProcessors>, at: number, cpus: readonly number[]) {
  for (const cpu of cpus) processors.advance(cpu, times(at * 5, 0, 0, at * 5));
  return processors.finish();
}

Deno.test("finish keeps each processor in its place when one is unplugged, and forgets that one", () => {
  const processors = trackProcessors();
  assert.equal(read(processors, 1, [0, 1, 2]), undefined);
  assert.deepEqual(read(processors, 2, [0, 1, 2]), [50, 50, 50]);
  assert.deepEqual(read(processors, 3, [0, 2]), [50, null, 50]);
  // Back with counters that went on meanwhile: a first reading, not a jump over the gap.
  assert.deepEqual(read(processors, 4, [0, 1, 2]), [50, null, 50]);
  assert.deepEqual(read(processors, 5, [0, 1, 2]), [50, 50, 50]);
});

Deno.test("finish goes by numbers, not by positions, when the processors of a container change", () => {
  const processors = trackProcessors();
  processors.advance(4, times(100, 0, 0, 1000));
  processors.advance(6, times(5, 0, 0, 5));
  processors.finish();
  processors.advance(6, times(10, 0, 0, 5));
  processors.advance(4, times(100, 0, 0, 1010));
  assert.deepEqual(processors.finish(), [null, null, null, null, 0, null, 100]);
});
