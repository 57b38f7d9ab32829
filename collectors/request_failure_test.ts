import assert from "node:assert/strict";
import { requestFailure } from "./request_failure.ts";

Deno.test("requestFailure gives the causes without the address", () => {
  const cause = new Error(
    "error sending request for url (http://host/x?key=(secret)): client error (Connect): refused",
  );
  assert.equal(
    requestFailure(new TypeError("fetch failed", { cause })),
    "fetch failed: error sending request: client error (Connect): refused",
  );
});
