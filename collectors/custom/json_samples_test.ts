import assert from "node:assert/strict";
import fc from "fast-check";
import { parseJsonSamples } from "./json_samples.ts";

Deno.test("parseJsonSamples reads a flat object as gauges", () => {
  assert.deepEqual(parseJsonSamples('{"queue": 3, "nested": {"a": 1}, "text": "x"}'), {
    samples: [{ name: "queue", labels: "", value: 3, kind: "gauge" }],
    dropped: 2,
    problem: "element 1: value: must be number",
  });
});

Deno.test("parseJsonSamples reads a list, kinds and labels included", () => {
  const list = [
    { name: "jobs", value: 7, kind: "counter", labels: { queue: "b", host: "a" }, help: "Jobs." },
    { name: "jobs", value: -1, kind: "counter" },
    { name: "", value: 1 },
    { name: "free", value: 1, labels: { a: 1 } },
  ];
  const { samples, dropped, problem } = parseJsonSamples(JSON.stringify(list));
  assert.deepEqual(samples, [
    { name: "jobs", labels: 'host="a",queue="b"', value: 7, kind: "counter", help: "Jobs." },
  ]);
  assert.deepEqual([dropped, problem], [3, "a counter is negative"]);
});

for (
  const [text, message] of [
    ["{", /not valid JSON/],
    ["3", /neither a JSON object nor a list/],
    ["null", /neither a JSON object nor a list/],
  ] as const
) {
  Deno.test(`parseJsonSamples refuses ${text}`, () => {
    assert.throws(() => parseJsonSamples(text), message);
  });
}

Deno.test("parseJsonSamples never throws on an object or a list, whatever is in it", () => {
  fc.assert(
    fc.property(fc.oneof(fc.array(fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue())), (json) => {
      parseJsonSamples(JSON.stringify(json));
    }),
  );
});
