import assert from "node:assert/strict";
import fc from "fast-check";
import { parsePrometheusText } from "./prometheus_text.ts";
import { canonicalLabels, sampleLimits } from "./sample_set.ts";

const samplesOf = (text: string) => parsePrometheusText(text).samples;

/** The example of the format's documentation. */
const documented = String.raw`# HELP http_requests_total The total number of HTTP requests.
# TYPE http_requests_total counter
http_requests_total{method="post",code="200"} 1027 1395066363000
http_requests_total{method="post",code="400"}    3 1395066363000

# Escaping in label values:
msdos_file_access_time_seconds{path="C:\\DIR\\FILE.TXT",error="Cannot find file:\n\"FILE.TXT\""} 1.458255915e9

# Minimalistic line:
metric_without_timestamp_and_labels 12.47

# A weird metric from before the epoch:
something_weird{problem="division by zero"} +Inf -3982045

# HELP http_request_duration_seconds A histogram of the request duration.
# TYPE http_request_duration_seconds histogram
http_request_duration_seconds_bucket{le="0.05"} 24054
http_request_duration_seconds_bucket{le="+Inf"} 144320
http_request_duration_seconds_sum 53423
http_request_duration_seconds_count 144320

# HELP rpc_duration_seconds A summary of the RPC duration in seconds.
# TYPE rpc_duration_seconds summary
rpc_duration_seconds{quantile="0.01"} 3102
rpc_duration_seconds_sum 1.7560473e+07
rpc_duration_seconds_count 2693
`;

Deno.test("parsePrometheusText reads the documented example", () => {
  const { samples, dropped, problem } = parsePrometheusText(documented);
  assert.deepEqual([dropped, problem], [1, undefined], "infinity is left out");
  assert.deepEqual(samples.map(({ name, labels, value, kind }) => [name, labels, value, kind]), [
    ["http_requests_total", 'code="200",method="post"', 1027, "counter"],
    ["http_requests_total", 'code="400",method="post"', 3, "counter"],
    [
      "msdos_file_access_time_seconds",
      String.raw`error="Cannot find file:\n\"FILE.TXT\"",path="C:\\DIR\\FILE.TXT"`,
      1.458255915e9,
      "gauge",
    ],
    ["metric_without_timestamp_and_labels", "", 12.47, "gauge"],
    ["http_request_duration_seconds_bucket", 'le="0.05"', 24054, "counter"],
    ["http_request_duration_seconds_bucket", 'le="+Inf"', 144320, "counter"],
    ["http_request_duration_seconds_sum", "", 53423, "gauge"],
    ["http_request_duration_seconds_count", "", 144320, "counter"],
    ["rpc_duration_seconds", 'quantile="0.01"', 3102, "gauge"],
    ["rpc_duration_seconds_sum", "", 1.7560473e7, "gauge"],
    ["rpc_duration_seconds_count", "", 2693, "counter"],
  ]);
  assert.equal(samples[0]?.help, "The total number of HTTP requests.");
  assert.equal(samples[4]?.help, "A histogram of the request duration.");
});

const accepted: readonly [line: string, labels: string, value: number][] = [
  ["a 1", "", 1],
  ["\ta\t-1.5e3\t", "", -1500],
  ["a{} .5", "", 0.5],
  ['a { x = "1" , y="2" , } 3.', 'x="1",y="2"', 3],
  ['a{x="}\\\\"} 0', 'x="}\\\\"', 0],
  ['a{x="\\q"} 0', 'x="\\\\q"', 0],
  ["a 1\r", "", 1],
];
for (const [line, labels, value] of accepted) {
  Deno.test(`parsePrometheusText reads ${JSON.stringify(line)}`, () => {
    const { samples, dropped } = parsePrometheusText(line);
    assert.deepEqual([samples.map((sample) => [sample.labels, sample.value]), dropped], [
      [[labels, value]],
      0,
    ]);
  });
}

const refused = [
  "a",
  "1",
  "a b",
  "a 1 2 3",
  "a 1 x",
  'a{x="1} 1',
  "a{x=1} 1",
  'a{x="1" y="2"} 1',
  "a{,} 1",
  "a 0x10",
  "a 1_0",
  "é 1",
  'a{x="1"}',
];
for (const line of refused) {
  Deno.test(`parsePrometheusText leaves out ${JSON.stringify(line)} and reads on`, () => {
    const { samples, dropped, problem } = parsePrometheusText(`first 1\n${line}\nlast 1\n`);
    assert.deepEqual(samples.map(({ name }) => name), ["first", "last"]);
    assert.deepEqual([dropped, problem], [1, "line 2 is malformed"]);
  });
}

const dropped: readonly [text: string, problem: string | undefined][] = [
  ["a NaN", undefined],
  ["a -inf", undefined],
  ["a 1e999", undefined],
  ["b 1\nb 2", "a sample is there twice"],
  ['b{x="1",y="2"} 1\nb{y="2",x="1"} 1', "a sample is there twice"],
  ['a{x="1",x="2"} 1', "the labels are too many or too long, or one is there twice"],
  [`a{x="${"y".repeat(1_100)}"} 1`, "the labels are too many or too long, or one is there twice"],
  [`${"a".repeat(300)} 1`, "a name is empty or too long"],
  ["# TYPE a counter\na -1", "a counter is negative"],
  [`a{x="${"y".repeat(70_000)}"} 1`, "line 1 is longer than 65536 characters"],
];
for (const [text, problem] of dropped) {
  Deno.test(`parsePrometheusText counts what it leaves out of ${JSON.stringify(text.slice(0, 60))}`, () => {
    const result = parsePrometheusText(text);
    assert.deepEqual([result.dropped, result.problem], [1, problem]);
  });
}

Deno.test("parsePrometheusText keeps 2,000 samples and counts the others", () => {
  const text = Array.from({ length: 2_500 }, (_, index) => `a{i="${index}"} ${index}\n`).join("");
  const result = parsePrometheusText(text);
  assert.equal(result.samples.length, 2_000);
  assert.equal(result.dropped, 500);
  assert.equal(result.problem, "there are more than 2000 samples");
});

const metricName = fc.stringMatching(/^[a-zA-Z_:][a-zA-Z0-9_:]{0,20}$/);
const labelName = fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,10}$/);
const escaped = (value: string) =>
  value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");

Deno.test("parsePrometheusText reads back every sample that can be written", () => {
  // Other line ends inside a value are no line ends of this format, but what a text file may carry is bounded by them.
  const value = fc.string({ unit: "binary", maxLength: 50 });
  fc.assert(fc.property(
    metricName,
    fc.uniqueArray(fc.tuple(labelName, value), { maxLength: 5, selector: ([name]) => name }),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0), // Negative zero is written as 0.
    (name, labels, number) => {
      const text = `${name}{${
        labels.map(([key, value]) => `${key}="${escaped(value)}"`).join(",")
      }} ${number}\n`;
      const canonical = canonicalLabels(labels);
      assert.deepEqual(
        samplesOf(text),
        canonical === undefined ? [] : [{ name, labels: canonical, value: number, kind: "gauge" }],
      );
    },
  ));
});

Deno.test("parsePrometheusText never throws and stays within its limits, whatever it is given", () => {
  const piece = fc.oneof(
    fc.constantFrom(
      "a",
      "{",
      "}",
      '"',
      "\\",
      "=",
      ",",
      "\n",
      " ",
      "# TYPE a counter\n",
      "# HELP a x\n",
      "1",
      "NaN",
      "\r",
    ),
    fc.string({ unit: "binary", maxLength: 8 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      const { samples, dropped } = parsePrometheusText(pieces.join(""));
      assert.ok(Number.isSafeInteger(dropped) && dropped >= 0);
      const keys = new Set(samples.map(({ name, labels }) => `${name}{${labels}}`));
      assert.equal(keys.size, samples.length);
      for (const { name, labels, value, kind } of samples) {
        assert.match(name, /^[a-zA-Z_:][a-zA-Z0-9_:]*$/);
        assert.ok(labels.length <= sampleLimits.labelsLength);
        assert.ok(Number.isFinite(value) && (kind === "gauge" || value >= 0));
      }
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("parsePrometheusText takes no more than linear time on hostile lines", () => {
  const hostile = [
    `a{${'x="1",'.repeat(9_000)}`,
    `a{x="${"\\".repeat(60_000)}`,
    " ".repeat(65_000) + "x",
    `a ${"1".repeat(60_000)}x`,
  ];
  const started = performance.now();
  assert.equal(samplesOf(hostile.join("\n")).length, 0);
  assert.ok(performance.now() - started < 2_000);
});
