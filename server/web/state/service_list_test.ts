import assert from "node:assert/strict";
import { textIn } from "./latest.ts";
import { serviceCounts, sortServices } from "./service_list.ts";

const services = [
  { name: "b", status: "active", sub_status: "running", memory_bytes: 1 },
  { name: "c", status: "active", sub_status: "exited" },
  { name: "a", status: "active", sub_status: "running", memory_bytes: 9 },
  { name: "broken", status: "failed", sub_status: "failed" },
  { name: "loop", status: "activating", sub_status: "auto-restart", memory_bytes: 5 },
  { name: "v1", status: "active" },
];

Deno.test("sortServices puts failed ones and those that are started again first, then by memory and name", () => {
  assert.equal(
    sortServices(services).map((service) => textIn(service, "name")).join(" "),
    "loop broken a b c v1",
  );
});

Deno.test("serviceCounts begins with the failed ones", () => {
  assert.equal(serviceCounts(services), "1 failed, 2 running, 1 exited, 1 auto-restart, 1 active");
  assert.equal(serviceCounts([]), "");
});
