import assert from "node:assert/strict";
import { parseJson } from "./json.ts";
import { finds, patternParser, patternProblem } from "./pattern.ts";
import type { LineParser, LogRecord } from "./record.ts";
import { parseSyslog } from "./syslog.ts";
import { parseApache, parseNginx } from "./web.ts";

const now = new Date(2026, 0, 26, 10, 0, 0).getTime();
const local = (...parts: [number, number, number, number, number, number]) => new Date(...parts).getTime();

function table(
  name: string,
  parse: LineParser,
  rows: readonly (readonly [string, LogRecord | undefined])[],
): void {
  Deno.test(`${name} reads what daemons write`, () => {
    for (const [line, expected] of rows) assert.deepEqual(parse(line, now), expected, line);
  });
}

table("parseSyslog", parseSyslog, [
  ["Jan 26 09:59:58 web-01 sshd[812]: Connection closed by 192.0.2.7 port 4711 [preauth]", {
    message: "Connection closed by 192.0.2.7 port 4711 [preauth]",
    timestampMs: local(2026, 0, 26, 9, 59, 58),
    process: "sshd",
    pid: 812,
  }],
  ["Dec 31 23:59:59 web-01 kernel: [   12.345678] EXT4-fs error (device sda1): ext4_lookup", {
    message: "[   12.345678] EXT4-fs error (device sda1): ext4_lookup",
    timestampMs: local(2025, 11, 31, 23, 59, 59),
    process: "kernel",
  }],
  ["<34>Jan  6 22:14:15 mymachine su: 'su root' failed for lonvick on /dev/pts/8", {
    message: "'su root' failed for lonvick on /dev/pts/8",
    timestampMs: local(2026, 0, 6, 22, 14, 15),
    level: "critical",
    process: "su",
  }],
  ["2026-01-26T09:59:58.123456+01:00 debian systemd[1]: Started cron.service - Regular background program.", {
    message: "Started cron.service - Regular background program.",
    timestampMs: Date.parse("2026-01-26T08:59:58.123Z"),
    process: "systemd",
    pid: 1,
  }],
  [
    '<165>1 2003-10-11T22:14:15.003Z mymachine.example.com evntslog 99 ID47 [a@1 b="x\\"]y"][c@2] \ufeffAn application event',
    {
      message: "An application event",
      timestampMs: Date.parse("2003-10-11T22:14:15.003Z"),
      level: "notice",
      process: "evntslog",
      pid: 99,
    },
  ],
  ["<0>1 2026-01-26T09:00:00Z host - - - - the end", {
    message: "the end",
    timestampMs: Date.parse("2026-01-26T09:00:00Z"),
    level: "emergency",
  }],
  ["Jan 26 09:59:58 host app[7]: error: disk is full", {
    message: "error: disk is full",
    timestampMs: local(2026, 0, 26, 9, 59, 58),
    level: "error",
    process: "app",
    pid: 7,
  }],
  ["Jan 26 09:59:58 host last message repeated 3 times", {
    message: "last message repeated 3 times",
    timestampMs: local(2026, 0, 26, 9, 59, 58),
  }],
  ["Foo 26 09:59:58 host app: x", undefined],
  ["just some words", undefined],
  ["", undefined],
]);

table("parseNginx", parseNginx, [
  ['203.0.113.9 - - [26/Jan/2026:09:59:58 +0100] "GET /a?b=\\x22c HTTP/1.1" 502 157 "-" "curl/8.5.0"', {
    message:
      '203.0.113.9 - - [26/Jan/2026:09:59:58 +0100] "GET /a?b=\\x22c HTTP/1.1" 502 157 "-" "curl/8.5.0"',
    timestampMs: Date.parse("2026-01-26T08:59:58Z"),
    level: "error",
    status: 502,
  }],
  ['::1 - alice [26/Jan/2026:09:59:58 +0000] "" 400 0 "-" "-"', {
    message: '::1 - alice [26/Jan/2026:09:59:58 +0000] "" 400 0 "-" "-"',
    timestampMs: Date.parse("2026-01-26T09:59:58Z"),
    level: "notice",
    status: 400,
  }],
  ["2026/01/26 09:59:58 [crit] 812#814: *27 connect() to unix:/run/app.sock failed (13: Permission denied)", {
    message: "*27 connect() to unix:/run/app.sock failed (13: Permission denied)",
    timestampMs: local(2026, 0, 26, 9, 59, 58),
    level: "critical",
    process: "nginx",
    pid: 812,
  }],
  ["203.0.113.9 GET / 200", undefined],
]);

table("parseApache", parseApache, [
  ['192.0.2.1 - frank [10/Oct/2000:13:55:36 -0700] "GET /apache_pb.gif HTTP/1.0" 200 2326', {
    message: '192.0.2.1 - frank [10/Oct/2000:13:55:36 -0700] "GET /apache_pb.gif HTTP/1.0" 200 2326',
    timestampMs: Date.parse("2000-10-10T20:55:36Z"),
    level: "info",
    status: 200,
  }],
  ['192.0.2.1 - frank [10/Oct/2025:13:55:36 -0700] "GET /x\\"y HTTP/1.0" 304 -', {
    message: '192.0.2.1 - frank [10/Oct/2025:13:55:36 -0700] "GET /x\\"y HTTP/1.0" 304 -',
    timestampMs: Date.parse("2025-10-10T20:55:36Z"),
    level: "info",
    status: 304,
  }],
  ["[Mon Jan 26 09:59:58.123456 2026] [proxy:error] [pid 812:tid 3] (111)Connection refused: AH00957", {
    message: "(111)Connection refused: AH00957",
    timestampMs: local(2026, 0, 26, 9, 59, 58),
    level: "error",
    process: "apache",
    pid: 812,
  }],
  ["[Mon Jan 26 09:59:58 2026] [warn] child process 12 still did not exit", {
    message: "child process 12 still did not exit",
    timestampMs: local(2026, 0, 26, 9, 59, 58),
    level: "warning",
    process: "apache",
  }],
  ["[Mon Jan 26 2026] [warn]", undefined],
]);

table("parseJson", parseJson, [
  ['{"level":"error","ts":1769421598.5,"logger":"api","msg":"refused","error":"timeout"}', {
    message: "refused",
    timestampMs: 1_769_421_598_500,
    level: "error",
    process: "api",
  }],
  ['{"level":40,"time":1769421598500,"pid":12,"hostname":"h","msg":"slow"}', {
    message: "slow",
    timestampMs: 1_769_421_598_500,
    level: "warning",
    pid: 12,
  }],
  ['{"name":"app","hostname":"h","pid":3,"level":60,"msg":"gone","time":"2026-01-26T09:59:58.500Z","v":0}', {
    message: "gone",
    timestampMs: 1_769_421_598_500,
    level: "critical",
    process: "app",
    pid: 3,
  }],
  ['{"level":"warning","msg":"A walrus","time":"2026-01-26T09:59:58Z"}', {
    message: "A walrus",
    timestampMs: 1_769_421_598_000,
    level: "warning",
  }],
  ['{"log":"ERROR: no\\n","stream":"stderr","time":"2026-01-26T09:59:58.123456789Z"}', {
    message: "ERROR: no",
    timestampMs: 1_769_421_598_123,
    level: "error",
  }],
  ['{"message":"GET /","status":503,"ts":1769421598500000000}', {
    message: "GET /",
    timestampMs: 1_769_421_598_500,
    level: "error",
    status: 503,
  }],
  ['{"level":"info"}', undefined],
  ['["msg"]', undefined],
  ["null", undefined],
  ['{"msg":"cut', undefined],
]);

Deno.test("patternParser reads the named groups", () => {
  const parse = patternParser(
    /^(?<time>\S+) (?<level>\w+) \[(?<process>\w+)\/(?<pid>\d+)\] (?<message>.*)$/u,
  );
  assert.deepEqual(parse("2026-01-26T09:59:58Z WARN [job/17] late", now), {
    message: "late",
    timestampMs: 1_769_421_598_000,
    level: "warning",
    process: "job",
    pid: 17,
  });
  assert.equal(parse("else", now), undefined);
});

Deno.test("patternProblem refuses what can't be used and what may never end", () => {
  for (const pattern of ["(a+)+$", "(?:x*y)*", "((a|b)+c)*", "(\\w+\\s?){2,}", "(.*){3,}x", "(", "a**"]) {
    assert.notEqual(patternProblem(pattern), undefined, pattern);
  }
  for (
    const pattern of ["a+b*", "(a|b)+", "^(?<level>\\w+): (?<message>.*)$", "[(+]+", "\\(a+\\)+", "(abc){2}"]
  ) {
    assert.equal(patternProblem(pattern), undefined, pattern);
  }
});

Deno.test("finds looks at the beginning of a line only", () => {
  assert.equal(finds(/end/u, "x".repeat(3_000) + "end"), false);
  assert.equal(finds(/^x+$/u, "x".repeat(3_000)), true);
});
