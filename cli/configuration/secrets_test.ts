import assert from "node:assert/strict";
import { isSecretName, withoutSecrets } from "./secrets.ts";

for (
  const [name, secret] of [
    ["password", true],
    ["db_password", true],
    ["apiKey", true],
    ["api_key", true],
    ["bearer_token", true],
    ["Authorization", true],
    ["token_file", false],
    ["interval_seconds", false],
    ["include", false],
  ] as const
) {
  Deno.test(`isSecretName says ${secret} of ${name}`, () => assert.equal(isSecretName(name), secret));
}

Deno.test("withoutSecrets takes secrets out at every depth and leaves the rest", () => {
  assert.deepEqual(
    withoutSecrets([{ url: "https://a", headers: { authorization: "Bearer x" }, count: 1 }, "text", null]),
    [{ url: "https://a", headers: { authorization: "(secret)" }, count: 1 }, "text", null],
  );
});
