import assert from "node:assert/strict";
import { bytesOf } from "../lib/ascii.ts";
import { parseLoadAverage } from "./load_average.ts";

Deno.test("parseLoadAverage reads three averages and the number of threads", () => {
  assert.deepEqual(parseLoadAverage(bytesOf("6.42 5.97 0.05 5/2148 3120877\n")), {
    minutes1: 6.42,
    minutes5: 5.97,
    minutes15: 0.05,
    threads: 2148,
  });
});

for (const file of ["", "0.27", "0.27 0.14 0", "0.1 0.2 0.3 1", "0.1 0.2 0.3 1/", "low low low\n"]) {
  Deno.test(`parseLoadAverage refuses ${JSON.stringify(file)}`, () => {
    assert.throws(() => parseLoadAverage(bytesOf(file)), /not three load averages/);
  });
}
