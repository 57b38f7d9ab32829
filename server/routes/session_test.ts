import assert from "node:assert/strict";
import { type TestServer, withServer } from "../../tests/support/running_server.ts";

function signIn({ url }: TestServer, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${url}/api/v1/session`, {
    method: "POST",
    headers,
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

async function detail(response: Response, status: number): Promise<string> {
  const text = await response.text();
  assert.equal(response.status, status, text);
  return JSON.parse(text).detail;
}

const codeOf = (url: string) => new URL(url).hash.replace("#code=", "");
const cookieOf = (response: Response) => (response.headers.get("set-cookie") ?? "").split(";")[0] ?? "";

Deno.test("the printed URL signs a browser in once; its cookie is no script's and no other site's", async () => {
  await withServer(async (server) => {
    const code = codeOf(server.loginUrl());
    const signedIn = await signIn(server, { code });
    assert.equal(signedIn.status, 204);
    assert.match(
      signedIn.headers.get("set-cookie") ?? "",
      /^spectra_session_[0-9a-f]{8}=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Strict$/,
    );
    const cookie = cookieOf(signedIn);
    const session = await fetch(`${server.url}/api/v1/session`, { headers: { cookie } });
    assert.equal((await session.json()).principal, "admin");
    assert.match(await detail(await signIn(server, { code }), 401), /code is unknown, used/);

    const out = await fetch(`${server.url}/api/v1/session`, { method: "DELETE", headers: { cookie } });
    assert.equal(out.status, 204);
    assert.match(out.headers.get("set-cookie") ?? "", /^spectra_session_[0-9a-f]{8}=; Max-Age=0;/);
    await detail(await fetch(`${server.url}/api/v1/session`, { headers: { cookie } }), 401);
  });
});

Deno.test("the admin token signs in; behind TLS the cookie is Secure", async () => {
  await withServer(async (server) => {
    const token = server.admin.authorization.replace("Bearer ", "");
    const signedIn = await signIn(server, { token }, { "x-forwarded-proto": "https" });
    assert.equal(signedIn.status, 204);
    assert.match(signedIn.headers.get("set-cookie") ?? "", /; Secure/);
  });
});

Deno.test("a session changes something only from the server's own pages", async () => {
  await withServer(async (server) => {
    const cookie = cookieOf(await signIn(server, { code: codeOf(server.loginUrl()) }));
    const post = (headers: Record<string, string>) =>
      fetch(`${server.url}/admin/trigger_logs?hostname=x`, {
        method: "POST",
        headers: { cookie, ...headers },
      });
    await detail(await post({ origin: "http://evil.example" }), 403);
    await detail(await post({}), 403);
    await detail(await post({ origin: server.url }), 404);
  });
});

Deno.test("bad sign-ins are refused, and lock nobody out", async () => {
  await withServer(async (server) => {
    assert.match(await detail(await signIn(server, "{"), 400), /JSON/);
    assert.match(await detail(await signIn(server, " ".repeat(5000)), 413), /longer/);
    for (const body of [{}, { code: "a", token: "b" }, { code: 7 }, { code: "x".repeat(300) }, []]) {
      assert.match(await detail(await signIn(server, body), 422), /^Sign-in/);
    }
    for (let count = 0; count < 10; count++) {
      assert.match(await detail(await signIn(server, { token: "guess" }), 401), /not the admin token/);
    }
    const signedIn = await signIn(server, { code: codeOf(server.loginUrl()) });
    await signedIn.body?.cancel();
    assert.equal(signedIn.status, 204);
  });
});

Deno.test("forged and malformed cookies are nobody's", async () => {
  await withServer(async ({ url, services }) => {
    for (const value of ["", "A".repeat(43), "A".repeat(4000), "%00", "__proto__"]) {
      const response = await fetch(`${url}/api/v1/session`, {
        headers: { cookie: `${services.sessions.cookieName}=${value}` },
      });
      await detail(response, 401);
    }
  });
});
