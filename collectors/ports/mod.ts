/** Ports at which the host listens. */
import { withSettings } from "../collector.ts";
import { linuxOnly } from "../linux_only.ts";
import { portSettings } from "./expectations.ts";
import { linuxPorts } from "./linux.ts";

/** The `ports` collector. */
export const portsDefinition = withSettings({
  name: "ports",
  summary: "Listening TCP and UDP ports with process and unit, judged against what is expected",
  types: ["port_list"],
  intervalSeconds: 60,
  deadlineMs: 10_000,
  settings: portSettings,
  detect: linuxOnly,
  create: (host, settings) => linuxPorts(host, settings),
});
