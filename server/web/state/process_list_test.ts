import assert from "node:assert/strict";
import { textIn } from "./latest.ts";
import { processTotals, sortProcesses } from "./process_list.ts";

const processes = [
  { name: "idle", mem_rss: 5 },
  { name: "small", cpu_percent: 0, mem_rss: 1 },
  { name: "busy", cpu_percent: 250, mem_rss: 2 },
  { name: "large", cpu_percent: 0, mem_rss: 9 },
];
const names = (by: "cpu" | "memory" | "io") =>
  sortProcesses(processes, by, (process) => process["name"] === "small" ? 4096 : undefined)
    .map((process) => textIn(process, "name")).join(" ");

Deno.test("sortProcesses puts the largest first, equals by memory, those without a value last", () => {
  assert.equal(names("cpu"), "busy large small idle");
  assert.equal(names("memory"), "large idle busy small");
  assert.equal(names("io"), "small large idle busy");
});

Deno.test("processTotals says totals by state, leaving out states that nothing is in", () => {
  assert.equal(processTotals({}), "");
  assert.equal(processTotals({ processes_total: 3 }), "3 processes");
  assert.equal(
    processTotals({
      processes_total: 214,
      processes_visible: 210,
      threads: 731,
      processes_running: 3,
      processes_zombie: 1,
      processes_sleeping: 206,
      processes_stopped: 0,
    }),
    "214 processes, 731 threads: 3 running, 1 ended and not cleared away, 206 sleeping, 4 hidden from the agent",
  );
});
