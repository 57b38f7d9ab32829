import assert from "node:assert/strict";
import { timestampOf } from "../lib/clock.ts";
import { fakeClock } from "../tests/support/fake_clock.ts";
import { maximumWatchMs, watch } from "./watch.ts";

function setUp() {
  const clock = fakeClock();
  const hurried: [readonly string[], number, number][] = [];
  const watching = watch(clock, () => ({
    hurry(types, intervalMs, durationMs) {
      hurried.push([types, intervalMs, durationMs]);
      return types.includes("cpu");
    },
  }));
  const until = (ms: number) => timestampOf(clock.now() + ms);
  return { clock, hurried, watching, until };
}

Deno.test("watch hurries the types until its time is over", async () => {
  const { clock, hurried, watching, until } = setUp();
  assert.equal(watching.isActive(), false);
  watching.begin({ types: ["cpu", "future"], interval_seconds: 2, until: until(30_000) }, 0);
  assert.deepEqual(hurried, [[["cpu", "future"], 2_000, 30_000]]);
  assert.equal(watching.isActive(), true);
  await clock.advance(29_999);
  assert.equal(watching.isActive(), true);
  await clock.advance(1);
  assert.equal(watching.isActive(), false);
});

Deno.test("watch is bounded to 10 min whatever is asked", () => {
  const { hurried, watching, until } = setUp();
  watching.begin({ types: ["cpu"], interval_seconds: 1, until: until(86_400_000) }, 0);
  assert.equal(hurried[0]?.[2], maximumWatchMs);
});

Deno.test("watch judges its end by the server's clock when this host's is wrong", () => {
  const { hurried, watching, until } = setUp();
  const hourMs = 3_600_000;
  watching.begin({ types: ["cpu"], interval_seconds: 1, until: until(hourMs + 30_000) }, hourMs);
  assert.equal(hurried[0]?.[2], 30_000);
});

Deno.test("watch refuses when it is over or nothing collects the types", () => {
  const { watching, until } = setUp();
  assert.throws(() => watching.begin({ types: ["cpu"], interval_seconds: 1, until: until(-1) }, 0), /over/);
  assert.throws(
    () => watching.begin({ types: ["future"], interval_seconds: 1, until: until(1_000) }, 0),
    /unsupported: this agent collects none of future/,
  );
  assert.equal(watching.isActive(), false);
});
