/** Services of systemd: state, figures, why they failed. */
import { withSettings } from "../collector.ts";
import { linuxServices } from "./linux.ts";
import { servicesSettings } from "./settings.ts";
import { detectServices } from "./sockets.ts";

/** The `services` collector. */
export const servicesDefinition = withSettings({
  name: "services",
  summary: "State, memory, processor time, tasks, restarts and failures of each service of systemd",
  types: ["service_list"],
  intervalSeconds: 60,
  deadlineMs: 20_000,
  settings: servicesSettings,
  detect: detectServices,
  create: linuxServices,
});
