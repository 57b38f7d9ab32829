import assert from "node:assert/strict";
import { testAgent } from "../tests/support/agents.ts";
import { fakeClock } from "../tests/support/fake_clock.ts";
import { createIngest } from "./ingest.ts";
import { createSelfMetrics } from "./self_metrics.ts";
import type { Appended } from "./storage/store.ts";

function setUp(outcome: Appended) {
  const clock = fakeClock();
  const shown: string[] = [];
  const ingest = createIngest({
    clock,
    store: { append: () => Promise.resolve(outcome) },
    agents: { byId: () => testAgent(), touch: () => shown.push("touched") },
    heads: { apply: () => shown.push("head") },
    live: { published: () => shown.push("live") },
    selfMetrics: createSelfMetrics(),
  });
  const envelope = {
    type: "cpu",
    timestamp: new Date(clock.now()).toISOString(),
    hostname: "web-01",
    data: { usage: 1 },
  };
  const body = { encoding: "identity" as const, bytes: new TextEncoder().encode(JSON.stringify([envelope])) };
  return { shown, take: () => ingest.take(testAgent(), undefined, body), ingest };
}

for (
  const [outcome, status, shown] of [
    [{ status: "stored", id: 7 }, 202, ["touched", "head", "live"]],
    [{ status: "duplicate" }, 202, ["touched"]],
    [{ status: "full" }, 507, ["touched"]],
    [{ status: "busy" }, 503, ["touched"]],
  ] as const
) {
  Deno.test(`ingest.take() answers ${status} when the store says ${outcome.status}, and shows only what is stored`, async () => {
    const test = setUp(outcome);
    assert.equal((await test.take()).status, status);
    assert.deepEqual(test.shown, shown);
    assert.equal(test.ingest.newestBatch, outcome.status === "stored" ? 7 : 0);
  });
}
