import assert from "node:assert/strict";
import { parseJournalEntry } from "./journal.ts";

const head = '"__CURSOR":"s=1;i=2","__REALTIME_TIMESTAMP":"1769421600123456"';

Deno.test("parseJournalEntry reads texts, bytes and fields that stand more than once", () => {
  const line = `{${head},"MESSAGE":[104,105,27,255],"PRIORITY":"4","SYSLOG_IDENTIFIER":["app","again"],` +
    '"_COMM":"app","_PID":"7","_SYSTEMD_UNIT":"app.service"}';
  assert.deepEqual(parseJournalEntry(line), {
    cursor: "s=1;i=2",
    timestampMs: 1_769_421_600_123,
    message: "hi\x1b\ufffd",
    priority: 4,
    process: "app again",
    command: "app",
    pid: 7,
    unit: "app.service",
  });
});

Deno.test("parseJournalEntry gives nothing for what is no entry", () => {
  const lines = [
    "",
    "null",
    "[]",
    `{${head}}`,
    `{${head},"MESSAGE":null}`,
    '{"MESSAGE":"x"}',
    `{${head},"MESSAGE":{}}`,
  ];
  for (const line of [...lines, `{${head},"MESSAGE":"cut`]) {
    assert.equal(parseJournalEntry(line), undefined, line);
  }
});
