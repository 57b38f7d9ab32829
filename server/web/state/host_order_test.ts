import assert from "node:assert/strict";
import type { HostSummary } from "../../../protocol/api.ts";
import { filterHosts, nextOrder, type SortColumn, sortHosts } from "./host_order.ts";

function host(hostname: string, changes: Partial<HostSummary> = {}): HostSummary {
  return {
    agent_id: `id-${hostname}`,
    hostname,
    tenant: "default",
    anonymous: false,
    status: "online",
    registered_at: "2026-01-26T10:00:00Z",
    info: { hostname },
    figures: {},
    ...changes,
  };
}

const order = (hosts: HostSummary[], column: SortColumn, descending = false) =>
  sortHosts(hosts, { column, descending }).map(({ hostname }) => hostname);

Deno.test("sortHosts orders names as people count", () => {
  const hosts = ["web-10", "web-2", "DB-1"].map((name) => host(name));
  assert.deepEqual(order(hosts, "hostname"), ["DB-1", "web-2", "web-10"]);
  assert.deepEqual(order(hosts, "hostname", true), ["web-10", "web-2", "DB-1"]);
});

Deno.test("sortHosts puts hosts without a value last in both directions", () => {
  const hosts = [
    host("none"),
    host("low", { figures: { cpu_percent: 1 } }),
    host("high", { figures: { cpu_percent: 90 } }),
  ];
  assert.deepEqual(order(hosts, "cpu"), ["low", "high", "none"]);
  assert.deepEqual(order(hosts, "cpu", true), ["high", "low", "none"]);
});

Deno.test("sortHosts by status puts what needs a look first", () => {
  const hosts = (["online", "waiting", "offline", "late"] as const).map((status) => host(status, { status }));
  assert.deepEqual(order(hosts, "status"), ["offline", "late", "waiting", "online"]);
});

Deno.test("sortHosts by network adds both directions, by seen compares times, by os compares names", () => {
  const one = host("one", {
    figures: { network_receive_bps: 5 },
    last_seen: "2026-01-26T10:00:00Z",
    info: { hostname: "one", os: "windows" },
  });
  const two = host("two", {
    figures: { network_receive_bps: 3, network_transmit_bps: 3 },
    last_seen: "2026-01-26T11:00:00+02:00",
    info: { hostname: "two", platform: "debian", platform_ver: "12" },
  });
  assert.deepEqual(order([one, two], "network", true), ["two", "one"]);
  assert.deepEqual(order([one, two], "seen", true), ["one", "two"]);
  assert.deepEqual(order([one, two], "os"), ["two", "one"]);
});

Deno.test("sortHosts orders two hosts of one name by their ids", () => {
  const twins = [host("twin", { agent_id: "b" }), host("twin", { agent_id: "a" })];
  assert.deepEqual(sortHosts(twins, { column: "cpu", descending: true }).map(({ agent_id }) => agent_id), [
    "a",
    "b",
  ]);
});

Deno.test("nextOrder turns the same column round and begins another with what matters most", () => {
  const start = { column: "hostname", descending: false } as const;
  assert.deepEqual(nextOrder(start, "hostname"), { column: "hostname", descending: true });
  assert.deepEqual(nextOrder(start, "cpu"), { column: "cpu", descending: true });
  assert.deepEqual(nextOrder(start, "status"), { column: "status", descending: false });
});

Deno.test("filterHosts wants every word somewhere in the host", () => {
  const hosts = [
    host("web-1", { info: { hostname: "web-1", platform: "debian", platform_ver: "12", ips: ["10.0.0.7"] } }),
    host("db-1", { status: "offline", info: { hostname: "db-1", labels: { role: "database" } } }),
  ];
  const found = (text: string) => filterHosts(hosts, text).map(({ hostname }) => hostname);
  assert.deepEqual(found("  "), ["web-1", "db-1"]);
  assert.deepEqual(found("DEBIAN web"), ["web-1"]);
  assert.deepEqual(found("10.0.0"), ["web-1"]);
  assert.deepEqual(found("role=data"), ["db-1"]);
  assert.deepEqual(found("offline"), ["db-1"]);
  assert.deepEqual(found("web offline"), []);
});
