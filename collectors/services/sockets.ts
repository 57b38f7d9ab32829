/** Where systemd can be asked, and whether this process may. */
import type { HostFs } from "../../lib/host_fs.ts";
import type { Availability, Host } from "../collector.ts";
import { linuxOnly } from "../linux_only.ts";

/** A socket at which systemd answers. */
export interface ManagerSocket {
  readonly path: string;
  /** True for the bus daemon's, false for systemd's own. */
  readonly isBus: boolean;
}

/** systemd's own socket comes first: it is faster, and there without a bus daemon. It is root's alone. */
export function managerSockets(fs: HostFs): readonly ManagerSocket[] {
  return [
    { path: fs.root("/run/systemd/private"), isBus: false },
    { path: fs.root("/run/dbus/system_bus_socket"), isBus: true },
  ];
}

/** Other service managers, by what they keep in `/run` or `/etc`. */
const others: readonly [path: string, name: string][] = [
  ["/run/openrc", "OpenRC"],
  ["/run/runit", "runit"],
  ["/etc/runit", "runit"],
  ["/run/s6", "s6"],
  ["/etc/dinit.d", "dinit"],
];

/** Whether services can be listed here. */
export function detectServices(host: Host): Availability {
  const { fs } = host;
  const linux = linuxOnly(host);
  if (linux.status !== "available") return linux;
  if (!isThere(fs.root("/run/systemd/system"))) { // As sd_booted(3) asks.
    const other = others.find(([path]) => isThere(fs.root(path)))?.[1];
    const reason = other === undefined
      ? `this host has no systemd running (there is no ${fs.root("/run/systemd/system")})`
      : `this host has no systemd, whose services alone can be listed: its services are ${other}'s`;
    return { status: "unsupported", reason };
  }
  const sockets = managerSockets(fs);
  const access = sockets.map(({ path }) => accessOf(path));
  if (access.includes("open")) return { status: "available" };
  const paths = sockets.map(({ path }) => path).join(" and ");
  if (access.includes("denied")) {
    return {
      status: "denied",
      reason: `this user may not use ${paths}: grant write access to the latter, or run as root`,
    };
  }
  // On this machine there may be systemctl; of a mounted tree nothing else can tell.
  if (!fs.redirected) return { status: "available" };
  return {
    status: "unsupported",
    reason: `systemd's sockets are not mounted here (${paths}): mount the host's /run too`,
  };
}

function isThere(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false; // An answer, not a failure.
  }
}

/** Opening a socket as a file never works, and fails with "permission denied" before it fails with "no such device" (open(2)). */
function accessOf(path: string): "open" | "denied" | "absent" {
  try {
    Deno.openSync(path, { write: true }).close();
    return "absent"; // A file: nobody answers there.
  } catch (error) {
    if (error instanceof Deno.errors.PermissionDenied) return "denied";
    return error instanceof Deno.errors.NotFound ? "absent" : "open";
  }
}
