import assert from "node:assert/strict";
import { systemClock } from "../lib/clock.ts";
import { echo, echoRequest, icmpDenial } from "./icmp.ts";
import type { IcmpFamily } from "./icmp_socket.ts";

const onLinux = Deno.build.os === "linux";
if (onLinux) icmpDenial(); // Loads the C library outside of the tests, which look for leaks.

const target = (address: string, count = 1) => ({ address, count, intervalMs: 5, timeoutMs: 1_000 });

/** False where this process may not send, or the loopback has no such address. */
function canEcho(family: IcmpFamily): boolean {
  if (!onLinux || icmpDenial(family) !== undefined) return false;
  try {
    Deno.listen({ hostname: family === 4 ? "127.0.0.1" : "::1", port: 0 }).close();
    return true;
  } catch {
    return false; // No IPv6 here.
  }
}

Deno.test("echoRequest has the checksum of RFC 1071 and a token of its own", () => {
  const bytes = echoRequest(4, 0x1234);
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) sum += (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  assert.equal(sum, 0xffff, "with the checksum inside, all bits are set");
  assert.deepEqual([...bytes.subarray(0, 2), ...bytes.subarray(6, 8)], [8, 0, 0x12, 0x34]);
  assert.notDeepEqual(bytes.subarray(8), echoRequest(4, 0x1234).subarray(8));
  assert.equal(echoRequest(6, 0)[0], 128);
});

for (const [family, address] of [[4, "127.0.0.1"], [6, "::1"]] as const) {
  Deno.test({
    name: `echo times the loopback over IPv${family}`,
    ignore: !canEcho(family),
    async fn() {
      const outcomes = (await echo([target(address, 3)], systemClock))[0] ?? [];
      assert.equal(outcomes.length, 3);
      for (const outcome of outcomes) {
        assert.ok(outcome.status === "answered", JSON.stringify(outcome));
        assert.ok(outcome.roundTripMs >= 0 && outcome.roundTripMs < 500, `${outcome.roundTripMs} ms`);
      }
    },
  });
}

Deno.test({
  name: "echo asks many at once, and a silent one delays nobody",
  ignore: !canEcho(4),
  async fn() {
    const targets = Array.from({ length: 50 }, (_, index) => target(`127.0.1.${index + 1}`, 2));
    const silent = { ...target("192.0.2.1"), timeoutMs: 300 }; // TEST-NET-1: nobody, though some gateways answer for it.
    const started = performance.now();
    const outcomes = await echo([silent, ...targets], systemClock);
    const elapsedMs = performance.now() - started;
    assert.equal(outcomes[0]?.length, 1);
    assert.equal(outcomes.slice(1).flat().filter(({ status }) => status === "answered").length, 100);
    assert.ok(elapsedMs < 5_000, `${elapsedMs} ms`);
  },
});

Deno.test({
  name: "echo ends early when it is aborted",
  ignore: !canEcho(4),
  async fn() {
    const stop = new AbortController();
    stop.abort();
    const outcomes = await echo(
      [{ ...target("127.0.0.1", 2), intervalMs: 60_000 }],
      systemClock,
      stop.signal,
    );
    assert.deepEqual(outcomes, [[{ status: "timeout" }, { status: "timeout" }]]);
  },
});

Deno.test("echo refuses what is no address", async () => {
  await assert.rejects(echo([target("example.org")], systemClock), /"example.org" is not an IP address/);
});
