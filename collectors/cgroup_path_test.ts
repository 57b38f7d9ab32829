import assert from "node:assert/strict";
import { type CgroupIdentity, cgroupOfProcess, identifyCgroup } from "./cgroup_path.ts";

const id = "0123456789abcdef".repeat(4);
const pod = "kubepods-burstable-pod1b4e28ba_2fa1_11d2_883f_0016d3cca427.slice";

const cases: readonly [path: string, identity: CgroupIdentity][] = [
  ["/", { kind: "group" }],
  ["", { kind: "group" }],
  ["/system.slice", { kind: "slice", unit: "system.slice" }],
  ["/system.slice/nginx.service", { kind: "service", unit: "nginx.service" }],
  ["/system.slice/system-postgresql.slice/postgresql@15-main.service", {
    kind: "service",
    unit: "postgresql@15-main.service",
  }],
  ["/system.slice/gitlab.service/worker", { kind: "group", unit: "gitlab.service" }],
  ["/user.slice/user-1000.slice/session-4.scope", { kind: "scope", unit: "session-4.scope" }],
  ["/user.slice/user-1000.slice/user@1000.service/app.slice/firefox.service", {
    kind: "service",
    unit: "firefox.service",
  }],
  [`/system.slice/docker-${id}.scope`, {
    kind: "container",
    unit: `docker-${id}.scope`,
    containerId: id,
    runtime: "docker",
  }],
  [`/docker/${id}`, { kind: "container", containerId: id, runtime: "docker" }],
  [`/docker/${id}/system.slice/nginx.service`, { kind: "group", containerId: id, runtime: "docker" }],
  [`/machine.slice/libpod-${id}.scope/container`, {
    kind: "group",
    unit: `libpod-${id}.scope`,
    containerId: id,
    runtime: "podman",
  }],
  [`/machine.slice/libpod-conmon-${id}.scope`, { kind: "scope", unit: `libpod-conmon-${id}.scope` }],
  [`/system.slice/web.service/libpod-payload-${id}`, {
    kind: "container",
    unit: "web.service",
    containerId: id,
    runtime: "podman",
  }],
  [`/kubepods.slice/kubepods-burstable.slice/${pod}/cri-containerd-${id}.scope`, {
    kind: "container",
    unit: `cri-containerd-${id}.scope`,
    containerId: id,
    runtime: "containerd",
  }],
  [`/kubepods/burstable/pod1b4e28ba-2fa1-11d2-883f-0016d3cca427/${id}`, {
    kind: "container",
    containerId: id,
  }],
  [`/kubepods.slice/${pod}/crio-${id}.scope`, {
    kind: "container",
    unit: `crio-${id}.scope`,
    containerId: id,
    runtime: "crio",
  }],
  ["/lxc/101/ns", { kind: "group", containerId: "101", runtime: "lxc" }],
  ["/lxc.payload.web/system.slice/cron.service", { kind: "group", containerId: "web", runtime: "lxc" }],
  ["/lxc.monitor.web", { kind: "group" }],
  ["/machine.slice/machine-qemu\\x2d3\\x2dweb\\x2d01.scope/libvirt", {
    kind: "group",
    unit: "machine-qemu\\x2d3\\x2dweb\\x2d01.scope",
    machine: "web-01",
  }],
  ["/machine/qemu-3-web.libvirt-qemu", { kind: "machine", machine: "web" }],
  ["/qemu.slice/100.scope", { kind: "machine", unit: "100.scope", machine: "100" }],
  ["/machine.slice/systemd-nspawn@box.service", {
    kind: "container",
    unit: "systemd-nspawn@box.service",
    containerId: "box",
    runtime: "nspawn",
  }],
  [`/docker/${id.slice(1)}`, { kind: "group" }],
  ["/../../etc/passwd", { kind: "group" }],
];

for (const [path, identity] of cases) {
  Deno.test(`identifyCgroup says what ${JSON.stringify(path)} is`, () => {
    assert.deepEqual(identifyCgroup(path), identity);
  });
}

Deno.test("cgroupOfProcess takes the unified path, or systemd's where controllers have hierarchies of their own", () => {
  assert.equal(cgroupOfProcess("0::/system.slice/nginx.service\n"), "/system.slice/nginx.service");
  const hybrid = "5:memory:/a/b/c/d\n1:name=systemd:/user.slice/session-4.scope\n0::/\n";
  assert.equal(cgroupOfProcess(hybrid), "/user.slice/session-4.scope");
});

Deno.test("cgroupOfProcess takes the path that names most where only controllers have groups", () => {
  assert.equal(
    cgroupOfProcess("9:name=systemd:/\n4:memory:/docker/abc\n1:cpu,cpuacct:/x\n0::/\n"),
    "/docker/abc",
  );
  assert.equal(cgroupOfProcess("0::/\n"), "/");
  assert.equal(cgroupOfProcess("4:memory:/with:colon\n"), "/with:colon");
});

Deno.test("cgroupOfProcess gives nothing when there is no line", () => {
  assert.equal(cgroupOfProcess(""), undefined);
  assert.equal(cgroupOfProcess("garbage\n"), undefined);
});
