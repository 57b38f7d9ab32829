import assert from "node:assert/strict";
import { hostFs } from "../lib/host_fs.ts";
import { systemClock } from "../lib/clock.ts";
import { fakeClock } from "../tests/support/fake_clock.ts";
import { connectAttempts, networkDiagnostic, type NetworkDoors } from "./network_connect.ts";

const never = new AbortController().signal;

/** Doors to a network where names resolve to `addresses` and connecting takes its time on the fake clock. */
function setUp(
  addresses: readonly string[],
  connect: (address: string, number: number) => number | "hang" | Error,
) {
  const clock = fakeClock();
  const resolved: string[] = [];
  const connected: string[] = [];
  const doors: NetworkDoors = {
    resolve(name) {
      resolved.push(name);
      return Promise.resolve([...addresses]);
    },
    connect(address, port, signal) {
      connected.push(`${address} ${port}`);
      const outcome = connect(address, connected.length);
      return new Promise((resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
        if (outcome instanceof Error) reject(outcome);
        else if (outcome !== "hang") clock.after(outcome, resolve);
      });
    },
  };
  return { clock, doors, resolved, connected };
}

Deno.test("connectAttempts measures each attempt and resolves once", async () => {
  const { clock, doors, resolved } = setUp(["192.0.2.7"], (_, number) => number * 10);
  const attempts = connectAttempts("example.org:443", 3, { clock, signal: never }, doors);
  await clock.advance(1_000);
  assert.deepEqual(await attempts, [
    { seq: 1, success: true, rtt: 10_000_000, peer: "192.0.2.7:443", response: "connected" },
    { seq: 2, success: true, rtt: 20_000_000, peer: "192.0.2.7:443", response: "connected" },
    { seq: 3, success: true, rtt: 30_000_000, peer: "192.0.2.7:443", response: "connected" },
  ]);
  assert.deepEqual(resolved, ["example.org"]);
  assert.equal(clock.pending, 0);
});

Deno.test("connectAttempts stays with the address that got through", async () => {
  const { clock, doors, connected } = setUp(
    ["2001:db8::7", "192.0.2.7"],
    (address) => address === "192.0.2.7" ? 5 : new Error("Network is unreachable"),
  );
  const attempts = connectAttempts("example.org:443", 2, { clock, signal: never }, doors);
  await clock.advance(1_000);
  assert.deepEqual((await attempts).map(({ peer }) => peer), ["192.0.2.7:443", "192.0.2.7:443"]);
  assert.deepEqual(connected, ["2001:db8::7 443", "192.0.2.7 443", "192.0.2.7 443"]);
});

Deno.test("connectAttempts says why an attempt failed, with the peer", async () => {
  const { clock, doors } = setUp(
    ["2001:db8::7"],
    (_, number) => number === 1 ? "hang" : new Error("refused"),
  );
  const attempts = connectAttempts("[2001:db8::7]:22", 2, { clock, signal: never }, doors);
  await clock.advance(10_000);
  assert.deepEqual(await attempts, [
    { seq: 1, success: false, peer: "[2001:db8::7]:22", response: "no answer within 5 s" },
    { seq: 2, success: false, peer: "[2001:db8::7]:22", response: "refused" },
  ]);
});

Deno.test("connectAttempts gives what it has when its time is up", async () => {
  const { clock, doors } = setUp(["192.0.2.7"], (_, number) => number <= 2 ? 10 : "hang");
  const stop = new AbortController();
  const attempts = connectAttempts("192.0.2.7:80", 100, { clock, signal: stop.signal }, doors);
  await clock.advance(1_000);
  stop.abort(new Error("time is up"));
  assert.deepEqual((await attempts).map(({ seq }) => seq), [1, 2]);
  assert.equal(clock.pending, 0);
});

Deno.test("connectAttempts refuses metadata addresses, also behind a name, before it connects", async () => {
  for (const addresses of [["169.254.169.254"], ["fd00:ec2::254"], ["192.0.2.7", "::ffff:a9fe:a9fe"]]) {
    const { clock, doors, connected } = setUp(addresses, () => 1);
    await assert.rejects(
      connectAttempts("innocent.example.org:80", 1, { clock, signal: never }, doors),
      /Refused: innocent\.example\.org is a cloud's metadata address, which hands out credentials/,
    );
    assert.deepEqual(connected, []);
  }
});

Deno.test("connectAttempts says so when a name does not resolve", async () => {
  const { clock, doors } = setUp([], () => 1);
  await assert.rejects(
    connectAttempts("nowhere.invalid:80", 1, { clock, signal: never }, doors),
    /Cannot resolve nowhere\.invalid/,
  );
});

Deno.test("NETWORK_DIAG connect reaches a real listener, and says so when there is none", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  const context = { host: { os: Deno.build.os, fs: hostFs() }, clock: systemClock, signal: never };
  const run = (target: string) => networkDiagnostic.run({ action: "connect", target, count: 2 }, context);
  const reached = JSON.stringify(await run(`localhost:${port}`));
  assert.equal(reached.match(/"success":true,"rtt":[1-9]\d*,"peer":"127\.0\.0\.1:/g)?.length, 2, reached);
  listener.close();
  const refused = JSON.stringify(await run(`127.0.0.1:${port}`));
  assert.equal(refused.match(/"success":false/g)?.length, 2, refused);
  assert.match(refused, /refused/i);
});

Deno.test("NETWORK_DIAG refuses a metadata address however it is written", async () => {
  const context = { host: { os: Deno.build.os, fs: hostFs() }, clock: systemClock, signal: never };
  for (const host of ["169.254.169.254", "2852039166", "[::ffff:169.254.169.254]", "[fd00:ec2::254]"]) {
    await assert.rejects(
      networkDiagnostic.run({ action: "connect", target: `${host}:80` }, context),
      /Refused/,
      host,
    );
  }
});
