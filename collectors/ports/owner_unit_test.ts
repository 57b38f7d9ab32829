import assert from "node:assert/strict";
import { unitOfCgroups } from "./owner_unit.ts";

const cases: readonly [cgroups: string, unit: string | undefined][] = [
  ["0::/system.slice/nginx.service\n", "nginx.service"],
  ["0::/user.slice/user-1000.slice/user@1000.service/app.slice/web.service\n", "web.service"],
  ["0::/user.slice/user-0.slice/session-3.scope", "session-3.scope"],
  ["0::/system.slice/nginx.service/worker", "nginx.service"],
  ["12:cpu,cpuacct:/a.service\n1:name=systemd:/system.slice/sshd.service\n0::/\n", "sshd.service"],
  ["0::/\n", undefined],
  ["", undefined],
  ["garbage", undefined],
];
for (const [cgroups, unit] of cases) {
  Deno.test(`unitOfCgroups gives ${unit} for ${JSON.stringify(cgroups)}`, () => {
    assert.equal(unitOfCgroups(cgroups), unit);
  });
}
