import assert from "node:assert/strict";
import * as z from "zod/mini";
import { agent } from "../protocol/metrics/agent.ts";
import { deliveryCounters } from "../transport/counters.ts";
import { fakeClock } from "../tests/support/fake_clock.ts";
import { fakeHost } from "../tests/support/fake_collector.ts";
import { parseCpuSeconds, selfCollector } from "./self.ts";

Deno.test("selfCollector reports this process and the agent's parts as the protocol has them", async () => {
  const clock = fakeClock();
  const counters = { ...deliveryCounters(), sentBatches: 3, lostEnvelopes: 2 };
  const definition = selfCollector(
    {
      counters,
      waiting: () => ({ envelopes: 7, bytes: 700 }),
      collectors: () => [{ collector: "cpu", outcome: "ok", duration_us: 40, runs: 5, failures: 0 }],
    },
    clock,
    clock.monotonicMs(),
  );
  await clock.advance(90_000);
  const [measurement] = await definition.create(fakeHost(clock)).collect();
  assert(measurement?.type === "agent");
  const { data } = measurement;
  assert(z.safeParse(agent, data).success);
  assert.equal(data.uptime_seconds, 90);
  assert.equal(data.queue_envelopes, 7);
  assert.equal(data.sent_batches, 3);
  assert.equal(data.lost_envelopes, 2);
  assert.equal(data.collectors?.[0]?.duration_us, 40);
  assert((data.cpu_seconds ?? 0) > 0);
  assert((data.rss_bytes ?? 0) > 5_000_000);
  if (Deno.build.os !== "linux") return;
  assert((data.rss_anonymous_bytes ?? Infinity) < (data.rss_bytes ?? 0));
  assert((data.open_file_descriptors ?? 0) > 2);
});

Deno.test("parseCpuSeconds counts fields from the last parenthesis when the name holds anything", () => {
  const rest = "S 1 2 3 4 5 6 7 8 9 10 250 50 0 0 20 0 1 0 100 0 0";
  assert.equal(parseCpuSeconds(`42 (deno) ${rest}`), 3);
  assert.equal(parseCpuSeconds(`42 (a) b (c) d) ${rest}`), 3);
});

Deno.test("parseCpuSeconds gives nothing when the file is cut off", () => {
  assert.equal(parseCpuSeconds(""), undefined);
  assert.equal(parseCpuSeconds("42 (deno) S 1 2"), undefined);
});
