import assert from "node:assert/strict";
import * as z from "zod/mini";
import { systemClock } from "../../lib/clock.ts";
import { testCertificate } from "../../tests/support/certificate.ts";
import { componentTest, findExecutable } from "../../tests/support/component.ts";
import { certificateExpiryMs } from "./certificate.ts";
import { checkHttp } from "./http.ts";
import type { CheckContext } from "./outcome.ts";
import { checkSettings } from "./settings.ts";

await import("node:tls"); // Loaded outside of the tests, which look for leaks.

const context: CheckContext = { clock: systemClock, signal: new AbortController().signal };

function targetOf(url: string, more: Record<string, unknown>) {
  const [target] = z.parse(checkSettings, { targets: [{ name: "web", kind: "http", url, ...more }] }).targets;
  assert.ok(target?.kind === "http");
  return target;
}

const large = "x".repeat(300 * 1024) + "late";

function answer({ url }: Request): Response {
  switch (new URL(url).pathname) {
    case "/fine":
      return new Response("all is well");
    case "/moved":
      return Response.redirect(new URL("/fine", url), 302);
    case "/large":
      return new Response(large);
    default:
      return new Response("the secret of the error page", { status: 503 });
  }
}

const cases: readonly [path: string, more: Record<string, unknown>, ok: boolean, detail: string][] = [
  ["/fine", {}, true, "status 200"],
  ["/fine?key=secret", {}, true, "status 200"],
  ["/fine", { status: [204] }, false, "status 200"],
  ["/fine", { keyword: "well" }, true, "status 200"],
  ["/fine", { keyword: "bad" }, false, "status 200, the first 256 KiB of the body do not hold the keyword"],
  ["/fine", { absent_keyword: "bad" }, true, "status 200"],
  ["/fine", { absent_keyword: "all" }, false, "status 200, the body holds the keyword that must be absent"],
  ["/large", { keyword: "late" }, false, "status 200, the first 256 KiB of the body do not hold the keyword"],
  ["/moved", {}, true, "status 302"],
  ["/moved", { status: [200] }, false, "status 302"],
  ["/moved", { status: [200], follow_redirects: true }, true, "status 200"],
  ["/broken", {}, false, "status 503"],
  ["/broken", { status: [503] }, true, "status 503"],
];
for (const [path, more, ok, detail] of cases) {
  Deno.test(`checkHttp says "${detail}" of ${path} with ${JSON.stringify(more)}`, async () => {
    await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, answer);
    const outcome = await checkHttp(targetOf(`http://127.0.0.1:${server.addr.port}${path}`, more), context);
    assert.deepEqual([outcome.ok, outcome.detail], [ok, detail]);
    assert.ok((outcome.latencyMs ?? NaN) > 0);
  });
}

Deno.test("checkHttp says why there is no answer, without the query of the address", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  const { ok, detail } = await checkHttp(targetOf(`http://127.0.0.1:${port}/?key=secret`, {}), context);
  assert.equal(ok, false);
  assert.match(detail, /refused/);
  assert.ok(!detail.includes("secret"), detail);
});

componentTest(
  "openssl",
  findExecutable("openssl"),
  "checkHttp verifies certificates and says when they expire",
  async (openssl) => {
    const { cert, key } = await testCertificate(openssl, 30);
    await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, cert, key, onListen() {} }, answer);
    const target = targetOf(`https://localhost:${server.addr.port}/fine`, { keyword: "well" });
    const trusted = await checkHttp(target, context, [cert]);
    assert.deepEqual([trusted.ok, trusted.detail], [true, "status 200"]);
    assert.ok(Math.abs((trusted.certificateDaysLeft ?? NaN) - 30) < 0.1, `${trusted.certificateDaysLeft}`);
    const untrusted = await checkHttp(target, context);
    assert.equal(untrusted.ok, false);
    assert.match(untrusted.detail, /invalid peer certificate/);
    assert.equal(untrusted.certificateDaysLeft, trusted.certificateDaysLeft);
    const later: CheckContext = {
      ...context,
      clock: { ...systemClock, now: () => systemClock.now() + 40 * 86_400_000 },
    };
    const { certificateDaysLeft } = await checkHttp(target, later, [cert]);
    assert.ok((certificateDaysLeft ?? NaN) < -9, `${certificateDaysLeft}`);
  },
);

Deno.test("certificateExpiryMs gives up when there is no TLS, or its time is up", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const stop = new AbortController();
  const waiting = certificateExpiryMs("127.0.0.1", listener.addr.port, stop.signal);
  const connection = await listener.accept();
  stop.abort(new Error("time is up"));
  await assert.rejects(waiting, /time is up/);
  connection.close();
  const refused = certificateExpiryMs("127.0.0.1", listener.addr.port, context.signal);
  const other = await listener.accept();
  await other.write(new TextEncoder().encode("SSH-2.0-no-tls\r\n"));
  other.close();
  await assert.rejects(refused);
});
