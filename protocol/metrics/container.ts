/** Containers and virtual machines: `container`, `container_list`. */
import * as z from "zod/mini";
import { limits, text } from "../limits.ts";
import { counter, gauge } from "../measure.ts";

/** One container or virtual machine. */
export const container = z.object({
  id: text(),
  name: z.optional(text()),
  image: z.optional(text(4096)),
  state: z.optional(text()),
  /** `docker`, `podman`, `containerd`, `proxmox`, `libvirt`, `hyperv`. */
  source: z.optional(text()),
  /** `container`, `lxc`, `vm`. */
  kind: z.optional(text()),
  cpu_percent: z.optional(gauge({
    unit: "%",
    help: "Processor time since the reading before; 100 is one logical processor.",
    prometheus: "spectra_container_cpu_percent",
    otel: "container.cpu.usage",
  })),
  cpu_limit_cores: z.optional(
    gauge({ unit: "{cpu}", help: "Processors it may use.", prometheus: "spectra_container_cpu_limit_cores" }),
  ),
  memory_bytes: z.optional(gauge({
    unit: "By",
    help: "Memory in use, without inactive file cache.",
    prometheus: "container_memory_working_set_bytes",
    otel: "container.memory.usage",
  })),
  memory_limit: z.optional(
    gauge({ unit: "By", help: "Memory it may use.", prometheus: "container_spec_memory_limit_bytes" }),
  ),
  net_rx_bytes: z.optional(counter({
    unit: "By",
    help: "Received.",
    prometheus: "container_network_receive_bytes_total",
    otel: "container.network.io{network.io.direction=receive}",
  })),
  net_tx_bytes: z.optional(counter({
    unit: "By",
    help: "Sent.",
    prometheus: "container_network_transmit_bytes_total",
    otel: "container.network.io{network.io.direction=transmit}",
  })),
});

/** Data of a `container_list` envelope. */
export const containerList = z.object({
  containers: z.array(container).check(z.maxLength(limits.listLength)),
});
