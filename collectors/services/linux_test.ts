import assert from "node:assert/strict";
import * as z from "zod/mini";
import { serviceList } from "../../protocol/metrics/service.ts";
import { fakeClock } from "../../tests/support/fake_clock.ts";
import { type Behaviour, fakeSystemd } from "../../tests/support/fake_systemd.ts";
import { temporaryHost } from "../../tests/support/fixture_host.ts";
import { waitFor } from "../../tests/support/wait.ts";
import type { Collector, Host } from "../collector.ts";
import { servicesDefinition } from "./mod.ts";

const ignore = Deno.build.os !== "linux"; // Other systems have other sockets.
const bus = "/run/dbus/system_bus_socket";

async function read(collector: Collector) {
  const schema = z.tuple([z.object({ type: z.literal("service_list"), data: serviceList })]);
  return z.parse(schema, await collector.collect())[0].data;
}

function serviceTest(name: string, run: (host: Host) => Promise<void>): void {
  Deno.test({
    name,
    ignore,
    async fn() {
      using temporary = temporaryHost({ "root/run/systemd/system/.keep": "" });
      await run(temporary.host);
    },
  });
}

serviceTest("linuxServices tells what a real systemd told of its services", async (host) => {
  await using server = fakeSystemd(host.fs.root(bus));
  const collector = servicesDefinition.create(host, { include: ["spectra-*"] });
  const list = await read(collector);
  assert.deepEqual(list, {
    services: [
      {
        name: "spectra-bad.service",
        status: "failed",
        sub_status: "failed",
        load_state: "loaded",
        description: 'fails "always" é',
        enabled_state: "enabled",
        result: "exit-code",
        exit_status: 3,
        restarts: 5,
        since: 1_795_256_939.543989,
      },
      {
        name: "spectra-good.service",
        status: "active",
        sub_status: "running",
        load_state: "loaded",
        description: "good one",
        enabled_state: "enabled",
        memory_bytes: 180_224,
        tasks: 1,
        restarts: 0,
        since: 1_795_256_939.112336,
      },
    ],
    services_active: 1,
    services_failed: 1,
    system_state: "degraded",
    system_running: 0,
    units_failed: 1,
  });
  await waitFor("the connection is closed", () => server.open === 0);
});

serviceTest("linuxServices asks once in ten minutes whether units start at boot", async (host) => {
  const clock = fakeClock();
  await using server = fakeSystemd(host.fs.root(bus));
  const collector = servicesDefinition.create({ ...host, clock }, { include: ["spectra-good*"] });
  const asked = () => server.calls.filter((call) => call === "UnitFileState").length;
  await read(collector);
  assert.equal((await read(collector)).services[0]?.enabled_state, "enabled");
  assert.equal(asked(), 1);
  await clock.advance(600_000);
  await read(collector);
  assert.equal(asked(), 2);
});

serviceTest(
  "linuxServices lists the types that are set, failed units first, and leaves out what is excluded",
  async (host) => {
    await using _server = fakeSystemd(host.fs.root(bus));
    const settings = { types: ["service", "target"], exclude: ["systemd-*", "initrd*"] };
    const { services } = await read(servicesDefinition.create(host, settings));
    const names = services.map(({ name }) => name);
    assert.equal(names[0], "spectra-bad.service");
    assert.ok(names.includes("spectra.target"));
    assert.ok(!names.some((name) => name.startsWith("systemd-") || name.endsWith(".mount")));
    const order = ["failed", "active", "inactive"];
    const ranks = services.map(({ status }) => order.indexOf(status ?? ""));
    assert.deepEqual(ranks, ranks.toSorted());
  },
);

serviceTest("linuxServices takes the bus where systemd's own socket is dead", async (host) => {
  await using dead = fakeSystemd(host.fs.root("/run/systemd/private"), "hangs up");
  await using _server = fakeSystemd(host.fs.root(bus));
  assert.equal((await read(servicesDefinition.create(host))).system_state, "degraded");
  assert.deepEqual(dead.calls, []);
});

const failures: readonly [Behaviour, RegExp][] = [
  ["refuses users", /does not accept this user: REJECTED EXTERNAL/],
  ["sends garbage", /Cannot ask .*system_bus_socket: .*no byte order/],
  ["hangs up", /Cannot authenticate at .*system_bus_socket/],
];

for (const [behaviour, message] of failures) {
  serviceTest(`linuxServices says so when the bus ${behaviour}`, async (host) => {
    await using _server = fakeSystemd(host.fs.root(bus), behaviour);
    await assert.rejects(read(servicesDefinition.create(host)), { message });
  });
}

serviceTest(
  "linuxServices gives up after 3 s when the bus is silent, and asks again at the next collection",
  async (host) => {
    const clock = fakeClock();
    const collector = servicesDefinition.create({ ...host, clock });
    {
      await using server = fakeSystemd(host.fs.root(bus), "is silent");
      const reading = assert.rejects(read(collector), /system_bus_socket did not finish within 3000 ms/);
      await waitFor("the collector has connected", () => server.open === 1);
      await clock.advance(3000);
      await reading;
      await waitFor("the connection is closed", () => server.open === 0);
    }
    await using _server = fakeSystemd(host.fs.root(bus));
    assert.ok((await read(collector)).services.length > 0);
  },
);

serviceTest("linuxServices closes its connection when it is closed", async (host) => {
  await using server = fakeSystemd(host.fs.root(bus), "is silent");
  const collector = servicesDefinition.create(host);
  const reading = assert.rejects(read(collector), /Cannot authenticate/);
  await waitFor("the collector has connected", () => server.open === 1);
  collector.close?.();
  await reading;
});
