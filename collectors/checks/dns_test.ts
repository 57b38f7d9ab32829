import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import * as z from "zod/mini";
import { systemClock } from "../../lib/clock.ts";
import { checkDns } from "./dns.ts";
import { checkSettings } from "./settings.ts";

/** A DNS server that answers every question for `web.test` with 192.0.2.7, and others with NXDOMAIN (RFC 1035). */
async function dnsServer() {
  const socket = createSocket("udp4");
  socket.on("message", (question, from) => {
    const known = question.includes("\x03web\x04test");
    const end = question.indexOf(0, 12) + 5; // The name, its type and its class.
    const record = known ? [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 7] : [];
    const reply = new Uint8Array([...question.subarray(0, end), ...record]);
    reply.set([0x81, known ? 0x80 : 0x83, 0, 1, 0, known ? 1 : 0, 0, 0, 0, 0], 2);
    socket.send(reply, from.port, from.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  return {
    port: socket.address().port,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => socket.close(() => resolve())),
  };
}

const cases: readonly [
  query: string,
  more: Record<string, unknown>,
  ok: boolean | RegExp,
  detail?: string,
][] = [
  ["web.test.", {}, true, "answer: 192.0.2.7"],
  ["web.test.", { expected: "192.0.2.7" }, true, "answer: 192.0.2.7"],
  ["web.test.", { expected: "192.0.2.8" }, false, "answer: 192.0.2.7"],
  ["gone.test.", {}, /no record/i],
];
for (const [query, more, ok, detail] of cases) {
  Deno.test(`checkDns gives ${ok} for ${query} with ${JSON.stringify(more)}`, async () => {
    await using server = await dnsServer();
    const targets = [{
      name: "dns",
      kind: "dns",
      query,
      server: { address: "127.0.0.1", port: server.port },
      ...more,
    }];
    const [target] = z.parse(checkSettings, { targets }).targets;
    assert.ok(target?.kind === "dns");
    const check = checkDns(target, { clock: systemClock, signal: AbortSignal.timeout(10_000) });
    if (typeof ok !== "boolean") return await assert.rejects(check, ok);
    const outcome = await check;
    assert.deepEqual([outcome.ok, outcome.detail], [ok, detail]);
    assert.ok((outcome.latencyMs ?? NaN) > 0);
  });
}
