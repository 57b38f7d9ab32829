/** TCP and UDP of the host: protocol counters, sockets by state. */
import type { CollectorDefinition } from "../collector.ts";
import { linuxOnly } from "../linux_only.ts";
import { linuxSockets } from "./linux.ts";

/** The `sockets` collector. */
export const socketsDefinition: CollectorDefinition = {
  name: "sockets",
  summary: "TCP and UDP counters (retransmissions, resets, overflows) and sockets by TCP state",
  types: ["tcp", "udp", "sockets"],
  intervalSeconds: 15,
  deadlineMs: 2000,
  detect: linuxOnly,
  create: linuxSockets,
};
