import assert from "node:assert/strict";
import { hostFs } from "../lib/host_fs.ts";
import { temporaryHost } from "../tests/support/fixture_host.ts";
import { containerView, virtualizationOf } from "./virtualization.ts";

type Files = Readonly<Record<string, string>>;

const lxcfs = "846 830 0:45 /proc/meminfo /proc/meminfo rw - fuse.lxcfs lxcfs rw\n";
const containers: readonly [label: string | undefined, what: string, files: Files][] = [
  ["wsl", "a Microsoft kernel", { "proc/sys/kernel/osrelease": "5.15.153.1-microsoft-standard-WSL2\n" }],
  ["podman", "the first process's environment", { "proc/1/environ": "TERM=x\0container=podman\0" }],
  ["container", "a hostile name there", { "proc/1/environ": `container=${"\u001b[2J".repeat(50)}\0` }],
  ["systemd-nspawn", "what systemd noted", { "root/run/systemd/container": "systemd-nspawn\n" }],
  ["docker", "/.dockerenv", { "root/.dockerenv": "" }],
  ["podman", "/run/.containerenv", { "root/run/.containerenv": "" }],
  ["kubernetes", "a service account", { "root/run/secrets/kubernetes.io/token": "" }],
  ["openvz", "/proc/vz without /proc/bc", { "proc/vz/x": "" }],
  [undefined, "an OpenVZ machine, which has both", { "proc/vz/x": "", "proc/bc/x": "" }],
  ["lxc", "lxcfs over /proc/meminfo", { "proc/self/mountinfo": lxcfs }],
  [undefined, "nothing", { "proc/sys/kernel/osrelease": "6.1.0-31-amd64\n" }],
];
for (const [label, what, files] of containers) {
  Deno.test(`containerView says ${label} because of ${what}`, () => {
    using temporary = temporaryHost(files);
    assert.equal(containerView(temporary.host.fs), label);
  });
}

Deno.test("containerView does not take this container's root for the host's when only /proc is mounted", () => {
  using temporary = temporaryHost({ "proc/sys/kernel/osrelease": "6.1.0-31-amd64\n" });
  const procfs = temporary.host.fs.proc("").replace(/\/$/, "");
  assert.equal(containerView(hostFs({ procfs })), undefined);
});

const firmware = (vendor: string, product: string): Files => ({
  "sys/class/dmi/id/sys_vendor": `${vendor}\n`,
  "sys/class/dmi/id/product_name": `${product}\n`,
});
const machines: readonly [label: string | undefined, files: Files][] = [
  ["kvm", firmware("QEMU", "Standard PC (Q35 + ICH9, 2009)")],
  ["vmware", firmware("VMware, Inc.", "VMware Virtual Platform")],
  ["hyper-v", firmware("Microsoft Corporation", "Virtual Machine")],
  [undefined, firmware("Microsoft Corporation", "Surface Pro")],
  ["virtualbox", firmware("innotek GmbH", "VirtualBox")],
  ["amazon-ec2", firmware("Amazon EC2", "m5.large")],
  [undefined, firmware("Amazon EC2", "m5.metal")],
  ["google-compute-engine", firmware("Google", "Google Compute Engine")],
  ["xen", { "sys/hypervisor/type": "xen\n" }],
  ["vm", { "proc/cpuinfo": "flags\t\t: fpu vme hypervisor lahf_lm\n" }],
  [undefined, { "proc/cpuinfo": "model name : hypervisor\nflags\t\t: fpu vme\n" }],
  ["docker", { ...firmware("QEMU", "x"), "root/.dockerenv": "" }],
];
for (const [label, files] of machines) {
  Deno.test(`virtualizationOf says ${label} of ${JSON.stringify(Object.values(files))}`, () => {
    using temporary = temporaryHost(files);
    assert.equal(virtualizationOf(temporary.host.fs), label);
  });
}
