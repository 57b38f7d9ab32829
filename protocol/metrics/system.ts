/** The host as a whole: `system`; and `application_list`. */
import * as z from "zod/mini";
import { limits, text } from "../limits.ts";
import { gauge, state } from "../measure.ts";

/** Data of a `system` envelope. */
export const system = z.object({
  uptime: z.optional(
    gauge({
      unit: "s",
      help: "Time since boot.",
      prometheus: "spectra_system_uptime_seconds",
      otel: "system.uptime",
    }),
  ),
  processes: z.optional(
    gauge({
      unit: "{process}",
      help: "Processes.",
      prometheus: "node_processes_pids",
      otel: "system.process.count",
    }),
  ),
  users: z.optional(gauge({ unit: "{user}", help: "Login sessions.", prometheus: "spectra_system_users" })),
  boot_time: z.optional(
    state({ unit: "s", help: "When the host booted, Unix time.", prometheus: "node_boot_time_seconds" }),
  ),
  threads: z.optional(
    gauge({ unit: "{thread}", help: "Threads of all processes.", prometheus: "node_processes_threads" }),
  ),
  file_handles: z.optional(
    gauge({ unit: "{handle}", help: "Open file handles.", prometheus: "node_filefd_allocated" }),
  ),
  file_handles_max: z.optional(
    gauge({
      unit: "{handle}",
      help: "Most file handles that can be open.",
      prometheus: "node_filefd_maximum",
    }),
  ),
  /** Identifies the boot that counters belong to. */
  boot_id: z.optional(text()),
  os_name: z.optional(text()),
  os_version: z.optional(text()),
  kernel: z.optional(text()),
  /** What these figures describe when it is not a whole machine: `container`, `lxc`, `wsl` … */
  view: z.optional(text()),
});

/** One installed application. */
export const application = z.object({
  name: text(),
  version: z.optional(text()),
  vendor: z.optional(text()),
  architecture: z.optional(text()),
  /** When this version was installed, RFC 3339. Text: a number would be a series for each package. */
  installed_at: z.optional(text()),
  /** What installed it: `dpkg`, `rpm`, `apk`, `pacman`, `snap`, `flatpak`. */
  source: z.optional(text()),
});

/** Data of an `application_list` envelope. */
export const applicationList = z.object({
  applications: z.array(application).check(z.maxLength(limits.listLength)),
  /** All that are installed; more than are listed when there are too many. */
  installed: z.optional(gauge({
    unit: "{application}",
    help: "Applications installed.",
    prometheus: "spectra_applications_installed",
  })),
  skipped: z.optional(gauge({
    unit: "{record}",
    help: "Records of package databases that could not be read.",
    prometheus: "spectra_applications_skipped",
  })),
  /** Package databases that could not be read, and why. */
  problems: z.optional(z.array(text(4096)).check(z.maxLength(16))),
});
