/** What an operating system needs done, and what limits trust in it: `os_status`. */
import * as z from "zod/mini";
import { text } from "../limits.ts";
import { gauge, state } from "../measure.ts";

/** Data of an `os_status` envelope. */
export const osStatus = z.object({
  reboot_required: z.optional(state({
    unit: "1",
    help: "1 when an update takes effect only after a restart, else 0.",
    prometheus: "node_reboot_required",
  })),
  /** Packages that ask for the restart. */
  reboot_packages: z.optional(z.array(text()).check(z.maxLength(1000))),
  /** Kernel that would be started, when it is newer than the one that runs. */
  newer_kernel: z.optional(text()),
  /** Last day of free security updates, `YYYY-MM-DD`. */
  end_of_life: z.optional(text()),
  end_of_life_days: z.optional(gauge({
    unit: "{day}",
    help: "Days until the last day of free security updates; negative after it.",
    prometheus: "spectra_os_end_of_life_left_seconds",
  })),
  entropy_bits: z.optional(gauge({
    unit: "{bit}",
    help: "Entropy that the kernel's random number generator has; 256 always on Linux 5.18 and later.",
    prometheus: "node_entropy_available_bits",
  })),
  kernel_tainted: z.optional(state({
    unit: "1",
    help: "Bits saying why the kernel's makers would not look into its errors; 0 when it is clean.",
    prometheus: "spectra_kernel_tainted",
  })),
  /** The same in words, each with the kernel's letter first: `O: an externally built module was loaded`. */
  kernel_taints: z.optional(z.array(text()).check(z.maxLength(64))),
  /** What the host runs in: a kind of container or virtual machine. */
  virtualization: z.optional(text()),
  /** `enforcing`, `permissive`; absent where the kernel runs without it. */
  selinux: z.optional(text()),
  apparmor_enabled: z.optional(state({
    unit: "1",
    help: "1 when AppArmor is switched on, else 0.",
    prometheus: "spectra_apparmor_enabled",
  })),
});
