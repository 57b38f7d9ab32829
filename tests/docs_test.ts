import assert from "node:assert/strict";
import { staleDocs } from "../tools/generate_docs.ts";

Deno.test("the generated pages below docs/ are current (deno task docs writes them)", async () => {
  assert.deepEqual(await staleDocs(), []);
});
