import assert from "node:assert/strict";
import * as z from "zod/mini";
import type { MetricData } from "../../protocol/metrics/mod.ts";
import { system as schema } from "../../protocol/metrics/system.ts";
import { fixtureHost, temporaryHost } from "../../tests/support/fixture_host.ts";
import type { Host } from "../collector.ts";
import { linuxSystem } from "./linux.ts";

function read(host: Host): MetricData<"system"> {
  const collector = linuxSystem(host);
  try {
    return z.parse(z.tuple([z.object({ type: z.literal("system"), data: schema })]), collector.collect())[0]
      .data;
  } finally {
    collector.close?.();
  }
}

Deno.test("linuxSystem reads a server's facts", () => {
  assert.deepEqual(read(fixtureHost("debian_64_cores")), {
    uptime: 1_914_405.33,
    boot_time: 1_767_225_600,
    processes: 4,
    threads: 2148,
    file_handles: 18_240,
    users: 2,
    boot_id: "5f0d2f0a-9f3c-4d0e-8f2b-0a4c1d7b6e21",
    os_name: "Debian GNU/Linux",
    os_version: "12",
    kernel: "6.1.0-31-amd64",
  });
});

Deno.test("linuxSystem labels a container's view", () => {
  assert.equal(read(fixtureHost("lxc_container")).view, "lxc");
});

const essential = {
  "proc/stat":
    "cpu  1 2 3 4\nintr 7\nctxt 8\nbtime 1795250972\nprocesses 9\nprocs_running 2\nprocs_blocked 1\n",
  "proc/loadavg": "0.10 0.20 0.30 1/2 3\n",
  "proc/uptime": "12.50 3.00\n",
};

Deno.test("linuxSystem leaves out what the trees do not show, asking nothing of this machine", () => {
  using temporary = temporaryHost(essential);
  assert.deepEqual(read(temporary.host), {
    uptime: 12.5,
    boot_time: 1_795_250_972,
    processes: 0,
    threads: 2,
  });
});

Deno.test("linuxSystem counts no logins where the host records none, as who does", () => {
  using temporary = temporaryHost({ ...essential, "root/run/utmp": "not utmp" });
  assert.equal(read(temporary.host).users, 0);
});

Deno.test("linuxSystem names the file that is truncated or absent", () => {
  assert.throws(() => read(fixtureHost("truncated")), /Cannot parse .*proc\/uptime: it is empty/);
  assert.throws(() => read(fixtureHost("malformed")), /Cannot parse .*proc\/uptime: it does not begin/);
  using temporary = temporaryHost(essential);
  temporary.remove("proc/loadavg");
  assert.throws(() => read(temporary.host), /Cannot read .*proc\/loadavg/);
});
