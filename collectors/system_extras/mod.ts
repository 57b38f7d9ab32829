/** What changes seldom: sessions, restart required, end of life, time synchronisation, trust in the kernel. */
import type { CollectorDefinition } from "../collector.ts";
import { linuxOnly } from "../linux_only.ts";
import { linuxSystemExtras } from "./linux.ts";

/** The `system_extras` collector. */
export const systemExtrasDefinition: CollectorDefinition = {
  name: "system_extras",
  summary:
    "Login sessions, restart required, end of life, time synchronisation, entropy, kernel taint, virtualisation",
  types: ["os_status", "session_list", "time"],
  intervalSeconds: 300,
  deadlineMs: 5000,
  detect: linuxOnly,
  create: linuxSystemExtras,
};
