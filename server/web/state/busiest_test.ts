import assert from "node:assert/strict";
import { busiest } from "./busiest.ts";

Deno.test("busiest is the name with the most traffic, the first when they are equal", () => {
  const traffic = (name: string) => name === "b" || name === "c" ? 5 : 0;
  assert.equal(busiest(["a", "b", "c"], traffic), "b");
  assert.equal(busiest(["x", "y"], traffic), "x");
  assert.equal(busiest([], traffic), undefined);
});
