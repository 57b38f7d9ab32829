import assert from "node:assert/strict";
import { fakeSystemd } from "../../tests/support/fake_systemd.ts";
import { temporaryHost } from "../../tests/support/fixture_host.ts";
import { detectServices } from "./sockets.ts";

const others: readonly [what: string, files: Record<string, string>, reason: RegExp][] = [
  ["nothing", {}, /this host has no systemd running \(there is no .*\/run\/systemd\/system\)/],
  ["OpenRC", { "root/run/openrc/softlevel": "default" }, /services are OpenRC's/],
  ["runit", { "root/etc/runit/1": "" }, /services are runit's/],
  ["s6", { "root/run/s6/x": "" }, /services are s6's/],
  [
    "a systemd whose sockets are not mounted",
    { "root/run/systemd/system/x": "" },
    /mount the host's \/run too/,
  ],
];

for (const [what, files, reason] of others) {
  Deno.test(`detectServices says why there are no services where a host has ${what}`, () => {
    using temporary = temporaryHost(files);
    const availability = detectServices(temporary.host);
    assert.ok(availability.status === "unsupported");
    assert.match(availability.reason, reason);
  });
}

Deno.test("detectServices is not for other operating systems", () => {
  using temporary = temporaryHost();
  assert.equal(detectServices({ ...temporary.host, os: "windows" }).status, "unsupported");
});

Deno.test({
  name: "detectServices finds a socket that it may use",
  ignore: Deno.build.os !== "linux",
  async fn() {
    using temporary = temporaryHost({ "root/run/systemd/system/x": "" });
    await using server = fakeSystemd(temporary.host.fs.root("/run/dbus/system_bus_socket"));
    assert.deepEqual(detectServices(temporary.host), { status: "available" });
    assert.equal(server.open, 0);
  },
});

Deno.test({
  name: "detectServices says what to grant when it may not use the sockets",
  ignore: Deno.build.os !== "linux" || Deno.uid() === 0, // Root may use every socket.
  async fn() {
    using temporary = temporaryHost({ "root/run/systemd/system/x": "" });
    const path = temporary.host.fs.root("/run/dbus/system_bus_socket");
    await using _server = fakeSystemd(path);
    Deno.chmodSync(path, 0);
    const availability = detectServices(temporary.host);
    assert.ok(availability.status === "denied");
    assert.match(availability.reason, /grant write access to the latter, or run as root/);
  },
});
