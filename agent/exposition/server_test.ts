import assert from "node:assert/strict";
import { systemClock } from "../../lib/clock.ts";
import { fakeClock } from "../../tests/support/fake_clock.ts";
import type { SharedReading } from "../shared_reading.ts";
import { startExposition } from "./server.ts";

const facts = () => ({ hostname: "web-01", epochMs: 1_800_000_000_000 });

function reading(collector: string, read: SharedReading["read"]): SharedReading {
  return { collector, offer: () => {}, read, close: () => {} };
}

const load = reading("load", () =>
  Promise.resolve({
    collector: "load",
    outcome: "ok",
    measurements: [{ type: "cpu", data: { load_1m: 0.5 } }],
    ageMs: 0,
  }));

for (
  const [method, path, status, body] of [
    ["GET", "/metrics", 200, /^node_load1 0\.5$/m],
    ["GET", "/metrics?collect[]=x", 200, /^node_load1 0\.5$/m],
    ["GET", "/", 404, /Only/],
    ["GET", "/api/v1/hosts", 404, /Only/],
    ["POST", "/metrics", 405, /GET/],
    ["DELETE", "/metrics", 405, /GET/],
  ] as const
) {
  Deno.test(`startExposition answers ${method} ${path} with ${status}`, async () => {
    const server = startExposition({
      hostname: "127.0.0.1",
      port: 0,
      clock: systemClock,
      readings: () => [load],
      facts,
    });
    const response = await fetch(`http://127.0.0.1:${server.port}${path}`, { method });
    assert.equal(response.status, status);
    assert.match(await response.text(), body);
    await server.close();
  });
}

Deno.test("startExposition answers without a collector that hangs", async () => {
  const clock = fakeClock();
  const asked = Promise.withResolvers<void>();
  const hanging = reading("hanging", () => {
    asked.resolve();
    return new Promise(() => {});
  });
  const server = startExposition({
    hostname: "127.0.0.1",
    port: 0,
    clock,
    readings: () => [load, hanging],
    facts,
  });
  const pending = fetch(`http://127.0.0.1:${server.port}/metrics`);
  await asked.promise;
  await clock.advance(5_000);
  const text = await (await pending).text();
  assert.match(text, /^node_load1 0\.5$/m);
  assert.match(text, /^node_scrape_collector_success\{collector="hanging"\} 0$/m);
  await server.close();
});
