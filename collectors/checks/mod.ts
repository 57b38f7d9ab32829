/** Checks of services that the agent makes against configured targets. */
import { icmpDenial } from "../../ffi/icmp.ts";
import { withSettings } from "../collector.ts";
import { linuxOnly } from "../linux_only.ts";
import { checksCollector } from "./collect.ts";
import { checkSettings } from "./settings.ts";

/** The `checks` collector. Its deadline is beyond the 10 s that checks are waited for. */
export const checksDefinition = withSettings({
  name: "checks",
  summary: "Configured checks of services: TCP, HTTP(S) with certificates, DNS, ICMP latency and loss",
  types: ["check_list"],
  intervalSeconds: 30,
  deadlineMs: 15_000,
  settings: checkSettings,
  detect(host, { targets }) {
    if (host.os !== "linux") return linuxOnly(host);
    if (targets.length === 0) {
      return { status: "unsupported", reason: "no checks are configured (collectors.checks.targets)" };
    }
    // With others beside them, those that are not allowed say so themselves.
    const reason = targets.every(({ kind }) => kind === "icmp") ? icmpDenial() : undefined;
    return reason === undefined ? { status: "available" } : { status: "denied", reason };
  },
  create: (host, settings) => checksCollector(host, settings),
});
