import assert from "node:assert/strict";
import { parseBatchId } from "./batch.ts";
import { parseEnvelope } from "./envelope.ts";

const good = {
  type: "cpu",
  timestamp: "2026-01-26T10:00:05.123Z",
  hostname: "web-01",
  data: { usage: 12.5 },
};

Deno.test("parseEnvelope() takes what the protocol allows", () => {
  const taken: unknown[] = [
    good,
    { ...good, timestamp: "2026-01-26T10:00:05Z" },
    { ...good, timestamp: "2026-01-26T10:00:05.123456789+02:00" },
    { ...good, extra: 1, data: { usage: 1, unheard_of: { deep: [1] } } },
    { ...good, data: {} },
    { ...good, type: "disk", data: { mountpoint: "/", disk_total: 1e15 } },
    { ...good, type: "temperature", data: { sensor: "cpu", temperature: -12.5 } },
  ];
  for (const value of taken) {
    const verdict = parseEnvelope(value);
    assert.ok(verdict.ok, JSON.stringify(verdict));
  }
});

Deno.test("parseEnvelope() drops fields that it does not know and keeps prototypes clean", () => {
  const verdict = parseEnvelope(JSON.parse(
    '{"type":"cpu","timestamp":"2026-01-26T10:00:05Z","hostname":"h","data":{"usage":1,"__proto__":{"polluted":1},"constructor":{"prototype":{"x":1}}}}',
  ));
  assert.ok(verdict.ok);
  assert.deepEqual(verdict.envelope.data, { usage: 1 });
  assert.equal(Reflect.get({}, "polluted"), undefined);
});

const refused: readonly [string, unknown, RegExp][] = [
  ["null", null, /must be object/],
  ["a number", 7, /must be object/],
  ["an array", [], /must be object/],
  ["no type", { ...good, type: undefined }, /^type: must be string/],
  ["an unknown type", { ...good, type: "quantum" }, /unknown envelope type "quantum"/],
  ["a type of Object.prototype", { ...good, type: "toString" }, /unknown envelope type/],
  ["__proto__ as type", { ...good, type: "__proto__" }, /unknown envelope type/],
  [
    "a local time",
    { ...good, timestamp: "2026-01-26T10:00:05" },
    /^timestamp: must be an RFC 3339 timestamp/,
  ],
  ["no such day", { ...good, timestamp: "2026-02-30T10:00:05Z" }, /^timestamp/],
  ["a number as time", { ...good, timestamp: 1769421605 }, /^timestamp: must be string/],
  ["an empty hostname", { ...good, hostname: "" }, /^hostname: must be at least 1 characters/],
  [
    "a 3 MB hostname",
    { ...good, hostname: "h".repeat(3_000_000) },
    /^hostname: must be at most 255 characters/,
  ],
  ["data that are no object", { ...good, data: [1] }, /^data/],
  ["text for a number", { ...good, data: { usage: "12" } }, /^data\.usage: must be number/],
  ["null for a number", { ...good, data: { usage: null } }, /^data\.usage: must be number/],
  ["NaN", { ...good, data: { usage: NaN } }, /^data\.usage/],
  ["Infinity (1e999)", { ...good, data: JSON.parse('{"usage":1e999}') }, /^data\.usage/],
  [
    "a negative counter",
    { ...good, type: "disk_io", data: { device: "sda", read_bytes: -1 } },
    /^data\.read_bytes/,
  ],
  ["a disk without a mount point", { ...good, type: "disk", data: { disk_total: 1 } }, /^data\.mountpoint/],
  [
    "too many cores",
    { ...good, data: { cores: Array(9000).fill(1) } },
    /^data\.cores: must be at most 8192 elements/,
  ],
];

for (const [what, value, reason] of refused) {
  Deno.test(`parseEnvelope() refuses ${what} and says why`, () => {
    const verdict = parseEnvelope(value);
    assert.ok(!verdict.ok);
    assert.match(verdict.reason, reason);
    assert.ok(verdict.reason.length < 500);
  });
}

Deno.test("parseBatchId() reads epoch/sequence and nothing else", () => {
  assert.deepEqual(parseBatchId("Ab_-9/42"), { epoch: "Ab_-9", sequence: 42 });
  for (
    const header of [
      "",
      "/",
      "a/",
      "/1",
      "a/0",
      "a/007",
      "a/-1",
      "a/1.5",
      "a b/1",
      "a/1/2",
      `${"e".repeat(65)}/1`,
      "a/9999999999999999",
    ]
  ) {
    assert.equal(parseBatchId(header), undefined, header);
  }
});
