import assert from "node:assert/strict";
import * as z from "zod/mini";
import { allowedBy } from "./schema_kind.ts";

for (
  const [schema, words] of [
    [z.string(), "text"],
    [z._default(z.boolean(), true), "true or false"],
    [z.number(), "a number"],
    [z.int(), "a whole number"],
    [z.int().check(z.minimum(1), z.maximum(9)), "a whole number from 1 to 9"],
    [z.number().check(z.minimum(0)), "a number of at least 0"],
    [z.number().check(z.maximum(2)), "a number of at most 2"],
    [z.optional(z.enum(["a", "b"])), "one of a, b"],
    [z.array(z.string()), "a list, each text"],
    [z.object({}), "a section or list as described"],
  ] as const
) {
  Deno.test(`allowedBy says "${words}"`, () => {
    assert.equal(allowedBy(schema), words);
  });
}
