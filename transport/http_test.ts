import assert from "node:assert/strict";
import { systemClock } from "../lib/clock.ts";
import { httpClient, type HttpOutcome } from "./http.ts";
import { type Verdict, verdictOf } from "./sender.ts";

const never = new AbortController().signal;

/** Answers every connection with `answer`, byte by byte as given; what was asked is in `requests`. */
function rawServer(answer: Uint8Array | string | "hang") {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const bytes = typeof answer === "string" ? new TextEncoder().encode(answer) : answer;
  const requests: string[] = [];
  const connections = new Set<Deno.Conn>();
  const serve = (async () => {
    for await (const connection of listener) {
      connections.add(connection);
      const buffer = new Uint8Array(65_536);
      const count = await connection.read(buffer);
      requests.push(new TextDecoder().decode(buffer.subarray(0, count ?? 0)));
      if (answer === "hang") continue;
      // The client may hang up while an answer that is too long is still written.
      for (let at = 0; at < bytes.length;) {
        const written = await connection.write(bytes.subarray(at)).catch(() => undefined);
        if (written === undefined) break;
        at += written;
      }
      connections.delete(connection);
      connection.close();
    }
  })();
  return {
    url: `http://127.0.0.1:${listener.addr.port}`,
    requests,
    async close() {
      listener.close();
      await serve;
      for (const connection of connections) connection.close();
    },
  };
}

function answer(status: string, body: string, headers = "content-type: application/json\r\n"): string {
  return `HTTP/1.1 ${status}\r\n${headers}content-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`;
}

async function ask(text: Uint8Array | string, deadlineMs = 5_000): Promise<HttpOutcome> {
  const server = rawServer(text);
  const http = httpClient(server.url, systemClock);
  try {
    return await http.send({ method: "POST", path: "/api/v1/metrics", deadlineMs, signal: never });
  } finally {
    http.close();
    await server.close();
  }
}

const stored = JSON.stringify({ accepted: 1, duplicate: false, rejected: [] });
const html = "<!doctype html><title>Sign in to the Wi-Fi</title>";

const answers: [string, string, Verdict["kind"]][] = [
  ["202 of the expected shape", answer("202 Accepted", stored), "stored"],
  ["200 of the expected shape", answer("200 OK", stored), "retry"],
  ["200 in HTML", answer("200 OK", html, "content-type: text/html\r\n"), "retry"],
  ["202 in HTML", answer("202 Accepted", html, "content-type: text/html\r\n"), "retry"],
  ["202 without a body", answer("202 Accepted", ""), "retry"],
  ["204", "HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n", "retry"],
  ["202 of another shape", answer("202 Accepted", '{"accepted": "1"}'), "retry"],
  ["202 with null", answer("202 Accepted", "null"), "retry"],
  ["202 nested too deep", answer("202 Accepted", "[".repeat(5_000) + "]".repeat(5_000)), "retry"],
  ["202 cut off", answer("202 Accepted", stored).slice(0, -5), "retry"],
  ["202 longer than 64 KB", answer("202 Accepted", stored + " ".repeat(70_000)), "retry"],
  ["202 with malformed JSON", answer("202 Accepted", stored.slice(1)), "retry"],
  ["a redirect", answer("302 Found", "", "location: /api/v1/healthz\r\n"), "retry"],
  ["404", answer("404 Not Found", html), "retry"],
  ["408", answer("408 Request Timeout", ""), "retry"],
  ["409", answer("409 Conflict", "{}"), "retry"],
  ["425", answer("425 Too Early", ""), "retry"],
  ["429", answer("429 Too Many Requests", ""), "retry"],
  ["500", answer("500 Internal Server Error", html), "retry"],
  ["503", answer("503 Service Unavailable", ""), "retry"],
  ["507", answer("507 Insufficient Storage", "{}"), "retry"],
  ["413 in HTML", answer("413 Payload Too Large", html), "too_large"],
  ["413 cut off", answer("413 Payload Too Large", html).slice(0, -5), "too_large"],
  ["400", answer("400 Bad Request", "{}"), "refused"],
  ["415", answer("415 Unsupported Media Type", "{}"), "refused"],
  ["422", answer("422 Unprocessable Content", "{}"), "refused"],
  ["401", answer("401 Unauthorized", "{}"), "unknown_key"],
  ["403", answer("403 Forbidden", "{}"), "forbidden"],
  ["no HTTP at all", "220 mail.example.org ESMTP\r\n", "retry"],
  ["a closed connection", "", "retry"],
];

for (const [name, text, kind] of answers) {
  Deno.test(`verdictOf says ${kind} when the answer is ${name}`, async () => {
    assert.equal(verdictOf(await ask(text)).kind, kind);
  });
}

Deno.test("httpClient bounds an answer when it inflates to much more", async () => {
  const zeros = new Blob([new Uint8Array(20_000_000)]).stream().pipeThrough(new CompressionStream("gzip"));
  const body = new Uint8Array(await new Response(zeros).arrayBuffer());
  const head = new TextEncoder().encode(
    `HTTP/1.1 202 Accepted\r\ncontent-encoding: gzip\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n`,
  );
  const outcome = await ask(new Uint8Array([...head, ...body]));
  assert.equal(outcome.ok && outcome.json, undefined);
  assert.match(outcome.ok ? outcome.excerpt : "", /longer than 65536 bytes/);
});

Deno.test("httpClient gives up with the reason when nothing answers before the deadline", async () => {
  const server = rawServer("hang");
  const http = httpClient(server.url, systemClock);
  const outcome = await http.send({ method: "GET", path: "/", deadlineMs: 50, signal: never });
  assert.deepEqual(outcome, { ok: false, reason: "no answer within 0.05 s" });
  http.close();
  await server.close();
});

Deno.test("httpClient gives up when a body stops in the middle until the deadline", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const http = httpClient(`http://127.0.0.1:${listener.addr.port}`, systemClock);
  const asked = http.send({ method: "GET", path: "/", deadlineMs: 100, signal: never });
  const connection = await listener.accept();
  await connection.write(new TextEncoder().encode("HTTP/1.1 202 Accepted\r\ncontent-length: 100\r\n\r\n{"));
  const outcome = await asked;
  assert.equal(verdictOf(outcome).kind, "retry");
  http.close();
  connection.close();
  listener.close();
});

Deno.test("httpClient gives up at once when it is stopped", async () => {
  const server = rawServer("hang");
  const http = httpClient(server.url, systemClock);
  const stop = new AbortController();
  const asked = http.send({ method: "GET", path: "/", deadlineMs: 60_000, signal: stop.signal });
  stop.abort(new Error("stopped"));
  assert.deepEqual(await asked, { ok: false, reason: "stopped" });
  http.close();
  await server.close();
});

Deno.test("httpClient names the cause when nothing listens", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const url = `http://127.0.0.1:${listener.addr.port}`;
  listener.close();
  const http = httpClient(url, systemClock);
  const outcome = await http.send({ method: "GET", path: "/", deadlineMs: 5_000, signal: never });
  assert.match(outcome.ok ? "" : outcome.reason, /refused/i);
  http.close();
});

Deno.test("httpClient keeps a path of the base URL and takes the server's time from its answer", async () => {
  const server = rawServer(answer("200 OK", "{}", "date: Mon, 26 Jan 2026 10:00:30 GMT\r\n"));
  const http = httpClient(`${server.url}/spectra/`, systemClock);
  const outcome = await http.send({ method: "GET", path: "/readyz", deadlineMs: 5_000, signal: never });
  assert.match(server.requests[0] ?? "", /^GET \/spectra\/readyz HTTP\/1\.1\r\n/);
  assert.equal(outcome.ok && outcome.serverNowMs, Date.UTC(2026, 0, 26, 10, 0, 30));
  http.close();
  await server.close();
});
