/** Network interfaces: traffic, errors, drops, state and speed. */
import type { CollectorDefinition } from "../collector.ts";
import { linuxOnly } from "../linux_only.ts";
import { linuxNetwork } from "./linux.ts";

/** The `network` collector. */
export const networkDefinition: CollectorDefinition = {
  name: "network",
  summary: "Traffic, errors, drops, state and speed of each network interface",
  types: ["network_list"],
  intervalSeconds: 5,
  deadlineMs: 2000,
  detect: linuxOnly,
  create: linuxNetwork,
};
