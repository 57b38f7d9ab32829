import assert from "node:assert/strict";
import { mergeEvents, reportedEvents } from "./events.ts";

const at = (second: number) => `2026-01-26T10:00:0${second}Z`;
const detail = (events: readonly Record<string, unknown>[]) => ({
  latest: [
    { type: "log_event_list", timestamp: at(9), data: { events } },
    {
      type: "security_event_list",
      timestamp: at(9),
      data: { events: [{ kind: "brute_force", timestamp: at(2), source: "203.0.113.9", count: 40 }] },
    },
  ],
});
const first = {
  timestamp: at(1),
  source: "syslog",
  unit: "cron.service",
  level: "error",
  message: "a",
  count: 1,
};
const second = { timestamp: at(3), source: "nginx", status: 404, message: "GET /b", count: 2 };

Deno.test("reportedEvents reads log lines and security events", () => {
  const [line, request, attack] = reportedEvents(detail([first, second]));
  assert.deepEqual([line?.word, line?.isGrave, line?.origin, line?.text], [
    "error",
    true,
    "syslog, cron.service",
    "a",
  ]);
  assert.deepEqual([request?.word, request?.isGrave, request?.count], ["HTTP 404", false, 2]);
  assert.deepEqual([attack?.word, attack?.isGrave, attack?.text, attack?.count], [
    "Brute force",
    true,
    "from 203.0.113.9",
    40,
  ]);
});

Deno.test("mergeEvents keeps each event once, newest first, and no more than it may", () => {
  const known = mergeEvents([], reportedEvents(detail([first])));
  const merged = mergeEvents(known, reportedEvents(detail([first, second])));
  assert.deepEqual(merged.map(({ text }) => text), ["GET /b", "from 203.0.113.9", "a"]);
  const many = Array.from({ length: 700 }, (_, index) => ({ ...second, message: `${index}` }));
  assert.equal(mergeEvents([], reportedEvents(detail(many))).length, 500);
});
