import assert from "node:assert/strict";
import * as z from "zod/mini";
import { firstIssue } from "../../protocol/issue.ts";
import { judgePorts, portSettings } from "./expectations.ts";

const listener = (address: string, port: number, protocol = "tcp") => ({
  protocol,
  address,
  port,
  listening: true,
});

/** Violations as `address port: text`, with the rules in `settings`. */
function violations(settings: unknown, ...ports: ReturnType<typeof listener>[]): string[] {
  const judged = judgePorts(ports, z.parse(portSettings, settings));
  const found = judged.ports.filter(({ violation }) => violation !== undefined);
  assert.equal(judged.violations, found.length);
  return found.map(({ address, port, violation }) => `${address} ${port}: ${violation}`);
}

Deno.test("judgePorts changes nothing without rules", () => {
  const ports = [listener("0.0.0.0", 22)];
  assert.deepEqual(judgePorts(ports, z.parse(portSettings, {})), { ports });
});

Deno.test("judgePorts says what is expected and does not listen", () => {
  const settings = { expect: [{ port: 443 }, { port: 53, protocol: "udp", address: "127.0.0.1" }] };
  assert.deepEqual(violations(settings, listener("0.0.0.0", 80), listener("127.0.0.2", 53, "udp")), [
    "* 443: nothing listens on tcp port 443",
    "127.0.0.1 53: nothing listens on udp port 53 of 127.0.0.1",
  ]);
  assert.deepEqual(violations(settings, listener("10.0.0.1", 443), listener("0.0.0.0", 53, "udp")), []);
  assert.deepEqual(violations(settings, listener("::", 443), listener("::", 53, "udp")), []);
  assert.equal(violations(settings, listener("::1", 443, "udp"), listener("::1", 53, "udp")).length, 2);
});

Deno.test("judgePorts says what listens and must not", () => {
  const settings = {
    expect: [{ port: 23, listening: false }, { port: 3306, listening: false, address: "0.0.0.0" }],
  };
  const text = "tcp port 3306 must not listen";
  assert.deepEqual(violations(settings, listener("127.0.0.1", 3306)), []);
  assert.deepEqual(violations(settings, listener("0.0.0.0", 3306)), [`0.0.0.0 3306: ${text}`]);
  assert.deepEqual(violations(settings, listener("::", 3306)), [`:: 3306: ${text}`]);
  assert.deepEqual(violations(settings, listener("::1", 23)), ["::1 23: tcp port 23 must not listen"]);
});

Deno.test("judgePorts says what listens on all addresses unexpectedly", () => {
  const settings = {
    only_expected_on_all_addresses: true,
    expect: [{ port: 443 }, { port: 5432, address: "127.0.0.1" }],
  };
  const judged = violations(
    settings,
    listener("::", 443),
    listener("0.0.0.0", 5432),
    listener("0.0.0.0", 8080),
    listener("127.0.0.1", 9000),
  );
  assert.deepEqual(judged, [
    "0.0.0.0 5432: tcp port 5432 listens on all addresses and is not expected to",
    "0.0.0.0 8080: tcp port 8080 listens on all addresses and is not expected to",
  ]);
});

for (
  const [settings, message] of [
    [{ expect: [{ port: 0 }] }, /expect.0.port: must be at least 1/],
    [{ expect: [{ port: 70_000 }] }, /expect.0.port: must be at most 65535/],
    [{ expect: [{ port: 1, protocol: "sctp" }] }, /expect.0.protocol: must be one of tcp, udp/],
    [{ expect: [{ port: 1, address: "localhost" }] }, /expect.0.address: must be an IPv4 or IPv6 address/],
    [{ expect: [{ port: 1, listen: true }] }, /expect.0: unknown key "listen"/],
  ] as const
) {
  Deno.test(`portSettings refuses ${JSON.stringify(settings)}`, () => {
    const parsed = z.safeParse(portSettings, settings);
    assert.ok(parsed.error !== undefined);
    assert.match(firstIssue(parsed.error), message);
  });
}
