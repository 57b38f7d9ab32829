/** Services of a real systemd, against what systemctl says of them at the same moment. */
import assert from "node:assert/strict";
import * as z from "zod/mini";
import type { Host } from "../../collectors/collector.ts";
import { servicesDefinition } from "../../collectors/services/mod.ts";
import { systemClock } from "../../lib/clock.ts";
import { hostFs } from "../../lib/host_fs.ts";
import { serviceList } from "../../protocol/metrics/service.ts";
import { componentTest } from "../support/component.ts";
import { bootSystemd, findSystemd, type SystemdNamespace } from "../support/systemd_namespace.ts";
import { waitFor } from "../support/wait.ts";

const units = {
  "spectra-good.service":
    "[Unit]\nDescription=good one\n[Service]\nExecStart=/bin/sleep infinity\nMemoryAccounting=yes\nTasksAccounting=yes\n",
  "spectra-bad.service":
    "[Unit]\nDescription=fails \"always\" é\n[Service]\nExecStart=/bin/sh -c 'exit 3'\n" +
    "Restart=on-failure\nRestartSec=50ms\n[Install]\nWantedBy=multi-user.target\n",
  "spectra-killed.service": "[Service]\nExecStart=/bin/sh -c 'kill -SEGV $$$$'\n",
  "spectra-once.service": "[Service]\nType=oneshot\nExecStart=/bin/true\n",
};

/** What `systemctl show` says of a unit. */
async function shown(systemd: SystemdNamespace, unit: string): Promise<Readonly<Record<string, string>>> {
  const lines = (await systemd.run("systemctl", "show", unit, "--timestamp=us+utc")).split("\n");
  return Object.fromEntries(lines.map((line) => {
    const at = line.indexOf("=");
    return [line.slice(0, at), line.slice(at + 1)];
  }));
}

/** Seconds of `Sat 2026-11-21 10:28:59.112336 UTC`. */
function seconds(timestamp: string): number {
  const [, day, time, fraction] = /^\w+ (\S+) (\d+:\d+:\d+)\.(\d{6}) UTC$/.exec(timestamp) ?? [];
  return Date.parse(`${day}T${time}Z`) / 1000 + Number(fraction) / 1e6;
}

componentTest("systemd", findSystemd(), "services agree with systemctl", async () => {
  await using systemd = await bootSystemd(units);
  await waitFor("the failing services have failed for good", async () => {
    const states = await systemd.run("systemctl", "is-failed", "spectra-bad", "spectra-killed");
    return states === "failed\nfailed\n";
  });
  const host: Host = { os: "linux", fs: hostFs({ rootfs: systemd.root }), clock: systemClock };
  assert.deepEqual(servicesDefinition.detect(host), { status: "available" });
  const collector = servicesDefinition.create(host);
  const schema = z.tuple([z.object({ type: z.literal("service_list"), data: serviceList })]);
  const [{ data }] = z.parse(schema, await collector.collect());
  collector.close?.();

  const listing = z.parse(
    z.array(
      z.object({
        unit: z.string(),
        load: z.string(),
        active: z.string(),
        sub: z.string(),
        description: z.string(),
      }),
    ),
    JSON.parse(await systemd.run("systemctl", "list-units", "--type=service", "--all", "--output=json")),
  );
  const byName = (one: { name: string }, other: { name: string }) => one.name < other.name ? -1 : 1;
  assert.deepEqual(
    data.services.map(({ name, status, sub_status, load_state, description }) => ({
      name,
      status,
      sub_status,
      load_state,
      description,
    }))
      .sort(byName),
    listing.map(({ unit, active, sub, load, description }) => ({
      name: unit,
      status: active,
      sub_status: sub,
      load_state: load,
      description,
    })).sort(byName),
  );
  assert.equal(data.system_state, (await systemd.run("systemctl", "is-system-running")).trim());
  assert.equal(data.system_running, 0);
  const failed = z.parse(
    z.array(z.unknown()),
    JSON.parse(await systemd.run("systemctl", "--failed", "--output=json")),
  );
  assert.equal(data.units_failed, failed.length);

  for (const name of ["spectra-good.service", "spectra-bad.service", "spectra-killed.service"]) {
    const service = data.services.find((service) => service.name === name);
    const expected = await shown(systemd, name);
    assert.ok(service !== undefined, name);
    const isFailed = service.status === "failed";
    assert.equal(service.restarts, Number(expected["NRestarts"]), `${name}: restarts`);
    assert.equal(service.enabled_state, expected["UnitFileState"], `${name}: enabled`);
    assert.equal(service.tasks, isFailed ? undefined : Number(expected["TasksCurrent"]), `${name}: tasks`);
    assert.equal(
      service.memory_bytes,
      isFailed ? undefined : Number(expected["MemoryCurrent"]),
      `${name}: memory`,
    );
    const since = seconds(expected[isFailed ? "InactiveEnterTimestamp" : "ActiveEnterTimestamp"] ?? "");
    assert.ok(
      Math.abs((service.since ?? NaN) - since) < 1e-5,
      `${name}: since ${service.since}, not ${since}`,
    );
    assert.equal(service.result, isFailed ? expected["Result"] : undefined, `${name}: result`);
    assert.equal(
      service.exit_status,
      isFailed ? Number(expected["ExecMainStatus"]) : undefined,
      `${name}: exit`,
    );
  }
});
