import assert from "node:assert/strict";
import { fakeClock } from "../tests/support/fake_clock.ts";
import { dueJobs } from "./due_jobs.ts";

/** A job that ends when told to. */
function manualJob(intervalMs: number) {
  const ends: (() => void)[] = [];
  return {
    intervalMs,
    runs: 0,
    run() {
      this.runs++;
      return new Promise<void>((resolve) => ends.push(resolve));
    },
    end: () => ends.shift()?.(),
  };
}

Deno.test("dueJobs runs each job at its pace, a reading that comes a little early included", async () => {
  const clock = fakeClock();
  const runs: string[] = [];
  const job = (name: string, intervalMs: number) => ({
    intervalMs,
    run() {
      runs.push(name);
      return Promise.resolve();
    },
  });
  const read = dueJobs(clock, [job("always", 0), job("minutely", 60_000)], { concurrent: 1, waitMs: 1_000 });
  await read();
  await clock.advance(30_000);
  await read();
  await clock.advance(29_900);
  await read();
  assert.deepEqual(runs, ["always", "minutely", "always", "always", "minutely"]);
  assert.equal(clock.pending, 0);
});

Deno.test("dueJobs waits no longer than it may, and starts nothing twice", async () => {
  const clock = fakeClock();
  const [hanging, other] = [manualJob(0), manualJob(0)];
  const read = dueJobs(clock, [hanging, other], { concurrent: 2, waitMs: 1_000 });
  const first = read();
  other.end();
  await clock.advance(1_000);
  await first;
  const second = read();
  await clock.advance(0);
  assert.deepEqual([hanging.runs, other.runs], [1, 2]);
  hanging.end();
  other.end();
  await second;
  assert.equal(clock.pending, 0);
});

Deno.test("dueJobs runs no more at once than it may, and goes on after a failure", async () => {
  const clock = fakeClock();
  const jobs = [manualJob(0), manualJob(0), manualJob(0)];
  const failing = { intervalMs: 0, run: () => Promise.reject(new Error("mistake")) };
  const read = dueJobs(clock, [failing, ...jobs], { concurrent: 2, waitMs: 1_000 });
  const reading = read();
  await clock.advance(0);
  assert.deepEqual(jobs.map(({ runs }) => runs), [1, 1, 0]);
  jobs[0]?.end();
  await clock.advance(0);
  assert.deepEqual(jobs.map(({ runs }) => runs), [1, 1, 1]);
  jobs[1]?.end();
  jobs[2]?.end();
  await reading;
});
