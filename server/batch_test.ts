import assert from "node:assert/strict";
import { BodyError, gzip } from "../transport/codec.ts";
import { correctionOf, decodeBatch, judgeBatch, storedBody } from "./batch.ts";

const receivedMs = Date.UTC(2026, 0, 26, 10, 0, 0);
const timestamp = "2026-01-26T09:59:55.123456789Z";
const envelope = (overrides: Record<string, unknown> = {}) => ({
  type: "cpu",
  timestamp,
  hostname: "web-01",
  data: { usage: 12.5 },
  ...overrides,
});

for (
  const [what, bad, reason] of [
    ["an unknown type", envelope({ type: "nope" }), /unknown envelope type/],
    ["a foreign hostname", envelope({ hostname: "web-02" }), /hostname/],
    ["a timestamp that is none", envelope({ timestamp: "yesterday" }), /timestamp/],
    ["a day that does not exist", envelope({ timestamp: "2026-02-30T00:00:00Z" }), /timestamp/],
    ["a value of a wrong type", envelope({ data: { usage: "12" } }), /data\.usage: must be number/],
    ["a number beyond all bounds", envelope({ data: JSON.parse('{"usage":1e999}') }), /data\.usage/],
    ["a type from the prototype", envelope({ type: "__proto__" }), /unknown envelope type/],
    ["no object at all", null, /must be object/],
    ["a 3 MB hostname", envelope({ hostname: "h".repeat(3_000_000) }), /hostname: must be at most 255/],
  ] as const
) {
  Deno.test(`judgeBatch() rejects ${what} and keeps the rest`, async () => {
    const batch = await judgeBatch([envelope(), bad, envelope()], "web-01", receivedMs);
    assert.equal(batch.envelopes.length, 2);
    assert.equal(batch.rejected.length, 1);
    assert.equal(batch.rejected[0]?.index, 1);
    assert.match(batch.rejected[0]?.reason ?? "", reason);
  });
}

Deno.test("judgeBatch() refuses too many elements", async () => {
  const many = Array(10_001).fill(null);
  await assert.rejects(
    judgeBatch(many, "web-01", receivedMs),
    (error) => error instanceof BodyError && error.status === 413,
  );
});

Deno.test("judgeBatch() leaves no trace of __proto__ keys", async () => {
  const hostile = JSON.parse(
    `[{"type":"cpu","timestamp":"${timestamp}","hostname":"web-01","data":{"usage":1,"__proto__":{"polluted":1}},"__proto__":{"type":"memory"}}]`,
  );
  const batch = await judgeBatch(hostile, "web-01", receivedMs);
  assert.deepEqual(batch.envelopes, [envelope({ data: { usage: 1 } })]);
  assert.equal(Reflect.get({}, "polluted"), undefined);
});

const minuteMs = 60_000;
const ahead = Date.UTC(2031, 0, 1);
for (
  const [what, times, offsets] of [
    ["is right", [receivedMs - 5000, receivedMs], [0, 0]],
    ["is a little ahead", [receivedMs - 5000, receivedMs + 59_000], [0, 0]],
    ["is years ahead", [ahead - 5000, ahead], [receivedMs - ahead, receivedMs - ahead]],
    ["is just too far ahead", [receivedMs + 55_000, receivedMs + 61_000], [-61_000, -61_000]],
    ["begins at 1970", [minuteMs, 2 * minuteMs], [receivedMs - 2 * minuteMs, receivedMs - 2 * minuteMs]],
    ["is right for a batch that waited for days", [receivedMs - 5 * 86_400_000], [0]],
    ["was wrong once", [receivedMs - 5000, ahead, receivedMs - 1000], [0, receivedMs - ahead, 0]],
    ["was set by NTP", [minuteMs, receivedMs - 1000], [receivedMs - minuteMs, 0]],
    ["was wrong both ways", [minuteMs, ahead], [receivedMs - minuteMs, receivedMs - ahead]],
  ] as const
) {
  Deno.test(`correctionOf() when the host's clock ${what}`, () =>
    assert.deepEqual(times.map(correctionOf(times, receivedMs)), offsets));
}

const row = { id: 1, agentId: "a", receivedMs, firstMs: 0, lastMs: 0 };

Deno.test("storedBody() keeps the bytes of a batch that is all valid, and decodeBatch() gives them back corrected", async () => {
  const sent = [
    envelope({ timestamp: "2031-01-01T00:00:00Z" }),
    envelope({ timestamp: "2031-01-01T00:00:10Z" }),
  ];
  const body = {
    encoding: "gzip" as const,
    bytes: await gzip(new TextEncoder().encode(JSON.stringify(sent))),
  };
  const batch = await judgeBatch(sent, "web-01", receivedMs);
  const stored = await storedBody(body, batch);
  assert.equal(stored.bytes, body.bytes);
  assert.equal(batch.lastMs, receivedMs);
  const decoded = await decodeBatch({
    ...row,
    clockOffsetMs: batch.clockOffsetMs,
    encoding: stored.encoding,
    body: stored.bytes,
  });
  assert.deepEqual(decoded.map((one) => one.timestamp), [
    "2026-01-26T09:59:50.000Z",
    "2026-01-26T10:00:00.000Z",
  ]);
  assert.deepEqual(decoded, batch.envelopes);
});

Deno.test("storedBody() keeps only the valid envelopes of a mixed batch", async () => {
  const sent = [envelope(), envelope({ type: "nope" }), envelope({ timestamp: "2031-01-01T00:00:00Z" })];
  const batch = await judgeBatch(sent, "web-01", receivedMs);
  const stored = await storedBody({ encoding: "identity", bytes: new Uint8Array() }, batch);
  const decoded = await decodeBatch({
    ...row,
    clockOffsetMs: batch.clockOffsetMs,
    encoding: stored.encoding,
    body: stored.bytes,
  });
  assert.equal(decoded.length, 2);
  assert.deepEqual(decoded, batch.envelopes);
});

Deno.test("storedBody() writes a batch anew in which one time is wrong, and the others keep theirs", async () => {
  const sent = [envelope(), envelope({ timestamp: "2031-01-01T00:00:00Z" })];
  const batch = await judgeBatch(sent, "web-01", receivedMs);
  assert.deepEqual(batch.envelopes.map((one) => one.timestamp), [timestamp, "2026-01-26T10:00:00.000Z"]);
  assert.deepEqual([batch.firstMs, batch.lastMs, batch.clockOffsetMs], [receivedMs - 4877, receivedMs, 0]);
  const { encoding, bytes } = await storedBody({ encoding: "identity", bytes: new Uint8Array() }, batch);
  assert.deepEqual(await decodeBatch({ ...row, clockOffsetMs: 0, encoding, body: bytes }), batch.envelopes);
});
