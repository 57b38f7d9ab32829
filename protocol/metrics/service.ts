/** Services of the host's service manager: `service`, `service_list`. */
import * as z from "zod/mini";
import { limits, text } from "../limits.ts";
import { counter, gauge, state } from "../measure.ts";

/** One service. */
export const service = z.object({
  name: text(),
  /** `active`, `inactive`, `failed`, `activating`, `deactivating`, `reloading` … */
  status: z.optional(text()),
  /** The same in the words of the unit's type: `running`, `exited`, `dead`, `auto-restart` … */
  sub_status: z.optional(text()),
  /** `loaded`, `not-found`, `masked`, `bad-setting`, `error`. */
  load_state: z.optional(text()),
  description: z.optional(text(4096)),
  /** Whether it starts at boot: `enabled`, `disabled`, `static`, `masked`, `generated` … */
  enabled_state: z.optional(text()),
  /** Why it is not up: `exit-code`, `signal`, `core-dump`, `timeout`, `oom-kill`, `start-limit-hit` … */
  result: z.optional(text()),
  since: z.optional(state({
    unit: "s",
    help: "When it came into its present state, Unix time.",
    prometheus: "spectra_service_state_since_seconds",
  })),
  memory_bytes: z.optional(gauge({
    unit: "By",
    help: "Memory of all its processes, with the files that they have in memory.",
    prometheus: "spectra_service_memory_bytes",
  })),
  cpu_seconds: z.optional(counter({
    unit: "s",
    help: "Processor time of all its processes since it was started.",
    prometheus: "spectra_service_cpu_seconds_total",
  })),
  tasks: z.optional(gauge({
    unit: "{thread}",
    help: "Threads of all its processes.",
    prometheus: "node_systemd_unit_tasks_current",
  })),
  restarts: z.optional(counter({
    unit: "{restart}",
    help: "How often the service manager has started it again because it ended.",
    prometheus: "node_systemd_service_restart_total",
  })),
  exit_status: z.optional(state({
    unit: "1",
    help: "Exit code of its main process, or the signal that ended it, when it is not up.",
    prometheus: "spectra_service_exit_status",
  })),
});

/** Data of a `service_list` envelope. */
export const serviceList = z.object({
  services: z.array(service).check(z.maxLength(limits.listLength)),
  /** State of the service manager: `running`, `degraded` (something has failed), `starting`, `maintenance`, `stopping`. */
  system_state: z.optional(text()),
  system_running: z.optional(state({
    unit: "1",
    help: "1 when the service manager is up and nothing has failed, else 0.",
    prometheus: "node_systemd_system_running",
  })),
  units_failed: z.optional(gauge({
    unit: "{unit}",
    help: "Failed units of all types (services, mounts, timers …).",
    prometheus: "spectra_systemd_units_failed",
  })),
  services_active: z.optional(gauge({
    unit: "{unit}",
    help: "Listed services that are up.",
    prometheus: "spectra_services_active",
  })),
  services_failed: z.optional(gauge({
    unit: "{unit}",
    help: "Listed services that have failed.",
    prometheus: "spectra_services_failed",
  })),
});
