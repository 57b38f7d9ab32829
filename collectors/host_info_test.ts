import assert from "node:assert/strict";
import * as z from "zod/mini";
import { hostFs } from "../lib/host_fs.ts";
import { systemClock } from "../lib/clock.ts";
import { hostInfoSchema } from "../protocol/host_info.ts";
import { fixtureHost, temporaryHost } from "../tests/support/fixture_host.ts";
import { parseCpuModel, readHostInfo } from "./host_info.ts";

Deno.test("readHostInfo reads all of a server from its trees, and no addresses of this machine", () => {
  assert.deepEqual(readHostInfo(fixtureHost("debian_64_cores")), {
    os: "linux",
    platform: "debian",
    platform_ver: "12",
    kernel: "6.1.0-31-amd64",
    arch: "x86_64",
    cpu_model: "AMD EPYC 7502P 32-Core Processor",
    cpu_cores: 63,
    ram_total: 528_280_412 * 1024,
    boot_time: 1_767_225_600,
    machine_id: "0123456789abcdef0123456789abcdef",
  });
});

Deno.test("readHostInfo names the board where the processor has no name", () => {
  const { cpu_model, arch, cpu_cores } = readHostInfo(fixtureHost("raspberry_pi_16k"));
  assert.deepEqual([cpu_model, arch, cpu_cores], ["Raspberry Pi 5 Model B Rev 1.0", "aarch64", 4]);
});

Deno.test("readHostInfo names no architecture when the host's kernel is too old to say", () => {
  const { arch, virtualization } = readHostInfo(fixtureHost("centos_7_3_10"));
  assert.deepEqual([arch, virtualization], [undefined, "vmware"]);
});

Deno.test("readHostInfo takes no machine id from an image that was never booted", () => {
  const { machine_id, virtualization } = readHostInfo(fixtureHost("lxc_container"));
  assert.deepEqual([machine_id, virtualization], [undefined, "lxc"]);
});

Deno.test("readHostInfo gives what there is when files are absent or malformed", () => {
  using empty = temporaryHost();
  assert.deepEqual(readHostInfo(empty.host), { os: "linux" });
  assert.deepEqual(readHostInfo(fixtureHost("malformed")), { os: "linux" });
});

Deno.test("readHostInfo of this machine fits the protocol", () => {
  const info = readHostInfo({ os: Deno.build.os, fs: hostFs(), clock: systemClock });
  const parsed = z.parse(hostInfoSchema, { hostname: "here", ...info });
  assert.equal(parsed.os, Deno.build.os);
  assert.ok((parsed.cpu_cores ?? 0) >= 1 && (parsed.ram_total ?? 0) > 1e6);
  assert.ok(parsed.ips?.every((address) => !address.startsWith("127.")) ?? true);
});

Deno.test("parseCpuModel bounds what it takes", () => {
  assert.equal(parseCpuModel(`model name\t: ${"x".repeat(5000)}\n`)?.length, 1024);
  assert.equal(parseCpuModel("processor\t: 0\n"), undefined);
});
