/**
 * Settings of the agents that Spectra replaces (Netwarden's file, Neon's environment), under their own names.
 *
 * Toggles of what we have do what they say. What this version has no feature for is known and checked all the same, and
 * then refused by name: a setting that is silently ignored is a host that is silently not monitored.
 */
import * as kinds from "./kinds.ts";
import type { Setting } from "./setting.ts";

/** A switch for one or more collectors. */
export interface CollectorToggle extends Setting<boolean> {
  readonly collectors: readonly string[];
}

function toggle(subject: string, collectors: readonly string[], what: string): CollectorToggle {
  return {
    key: `collect_${subject}`,
    aliases: [`enable_${subject}`],
    kind: kinds.boolean,
    help: `Collect ${what}; collectors.<name>.enabled counts more.`,
    roles: ["agent"],
    collectors,
  };
}

/** Netwarden's switches for what we collect. */
export const collectorToggles: readonly CollectorToggle[] = [
  {
    ...toggle(
      "system_metrics",
      ["cpu", "memory", "disk", "disk_io", "network", "sockets", "system"],
      "all numbers of the host",
    ),
    aliases: [],
  },
  toggle("cpu", ["cpu"], "processor use"),
  toggle("memory", ["memory"], "memory use"),
  toggle("disk", ["disk", "disk_io"], "file systems and disk input and output"),
  toggle("disk_io", ["disk_io"], "disk input and output"),
  toggle("network", ["network", "sockets"], "network interfaces, protocols and sockets"),
  toggle("system", ["system"], "uptime, numbers of processes and users"),
  {
    ...toggle("processes", ["processes"], "the processes that use most"),
    aliases: ["collect_process_metrics", "enable_processes", "enable_process_monitoring"],
  },
  toggle("temperature", ["sensors"], "temperatures, fans and voltages"),
  toggle("services", ["services"], "the service manager's services"),
  toggle("updates", ["updates"], "pending updates"),
];

function missing<T>(
  feature: string,
  key: string,
  kind: kinds.Kind<T>,
  extra: Partial<Setting<T>> = {},
): Setting<T> {
  return { key, kind, help: `Belongs to ${feature}.`, roles: ["agent"], missingFeature: feature, ...extra };
}

/** A switch that may stand there as long as it is off. */
function missingSwitch(feature: string, key: string, ...aliases: string[]): Setting<boolean> {
  return missing(feature, key, kinds.boolean, { aliases, inert: false });
}

const access = "access for several tenants";
const spool = "the spool (envelopes kept on disk while the server is away)";
const tls = "TLS settings of the agent";
const processes = "thresholds of the process list under this name (see collectors.processes)";
const containers = "container monitoring";
const virtualMachines = "virtual machine monitoring";
const postgresql = "PostgreSQL monitoring";
const mysql = "MySQL monitoring";

const socket = kinds.path;
const secret = { secret: true };

const containerSettings = [
  missing(containers, "containers_interval", kinds.seconds(1, 86_400), {
    environment: ["CONTAINERS_INTERVAL"],
  }),
  missingSwitch(
    containers,
    "collect_containers",
    "collect_container_metrics",
    "enable_containers",
    "enable_container",
  ),
  missingSwitch(containers, "collect_docker", "enable_docker"),
  missingSwitch(containers, "collect_podman", "enable_podman"),
  missingSwitch(containers, "collect_containerd", "enable_containerd"),
  missing(containers, "container_runtime", kinds.choice(["auto", "docker", "podman", "containerd"])),
  missing(containers, "container_socket", socket),
  missing(containers, "docker_socket", socket),
  missing(containers, "podman_socket", socket),
  missing(containers, "containerd_socket", socket),
  missing(containers, "container_include", kinds.names),
  missing(containers, "container_exclude", kinds.names),
  missing(containers, "container_stats_interval", kinds.seconds(5, 86_400)),
  missing(containers, "docker", kinds.section),
  missing(containers, "podman", kinds.section),
  missing(containers, "containerd", kinds.section),
];

const virtualMachineSettings = [
  missingSwitch(virtualMachines, "collect_vms", "enable_vms", "enable_vm"),
  missingSwitch(virtualMachines, "collect_proxmox", "enable_proxmox"),
  missingSwitch(virtualMachines, "collect_libvirt", "enable_libvirt"),
  missingSwitch(virtualMachines, "collect_hyperv", "enable_hyperv"),
  missing(
    virtualMachines,
    "vm_hypervisor",
    kinds.choice(["auto", "proxmox", "libvirt", "kvm", "xen", "qemu", "hyperv"]),
  ),
  missing(virtualMachines, "vm_include", kinds.names),
  missing(virtualMachines, "vm_exclude", kinds.names),
  missing(virtualMachines, "vm_stats_interval", kinds.seconds(1, 86_400)),
  missing(virtualMachines, "vm_timeout", kinds.seconds(1, 3600)),
  missing(virtualMachines, "vm_cache_timeout", kinds.seconds(1, 86_400)),
  missing(virtualMachines, "vm_parallel_stats", kinds.integer(1, 100)),
  missing(virtualMachines, "libvirt_uri", kinds.text()),
  missing(virtualMachines, "libvirt_socket", socket),
  missing(virtualMachines, "proxmox_api", kinds.url),
  missing(virtualMachines, "proxmox_username", kinds.text()),
  missing(virtualMachines, "proxmox_password", kinds.text(), secret),
  missing(virtualMachines, "proxmox_token_id", kinds.text()),
  missing(virtualMachines, "proxmox_token_secret", kinds.text(), secret),
  missing(virtualMachines, "proxmox_node", kinds.text()),
  missingSwitch(virtualMachines, "proxmox_skip_tls_verify"),
  missing(virtualMachines, "proxmox", kinds.section),
  missing(virtualMachines, "libvirt", kinds.section),
  missing(virtualMachines, "hyperv", kinds.section),
];

const databaseSettings = [
  missingSwitch(postgresql, "collect_postgresql", "enable_postgresql"),
  missing(postgresql, "postgresql_host", kinds.text()),
  missing(postgresql, "postgresql_socket", socket),
  missing(postgresql, "postgresql_user", kinds.text()),
  missing(postgresql, "postgresql_password", kinds.text(), secret),
  missing(postgresql, "postgresql_database", kinds.text()),
  missing(postgresql, "postgresql", kinds.section),
  missingSwitch(mysql, "collect_mysql", "enable_mysql"),
  missing(mysql, "mysql_host", kinds.text()),
  missing(mysql, "mysql_socket", socket),
  missing(mysql, "mysql_user", kinds.text()),
  missing(mysql, "mysql_password", kinds.text(), secret),
  missing(mysql, "mysql", kinds.section),
];

/** Settings whose feature this version does not have. */
export const missingSettings: readonly Setting<unknown>[] = [
  missing(access, "tenant_id", kinds.identifier(10), { aliases: ["customer_id"] }),
  missing(access, "api_key", kinds.text(), secret),
  missing(access, "agent_secret", kinds.text(), { ...secret, environment: ["AGENT_SECRET"] }),
  missing(spool, "buffer_enabled", kinds.boolean, { environment: ["BUFFER_ENABLED"], inert: false }),
  missingSwitch(tls, "tls_skip_verify"),
  missing(tls, "tls_ca_cert", kinds.path),
  missing("log files (messages go to standard error)", "log_file", kinds.path, { aliases: ["logfile"] }),
  missing("a choice of network interfaces", "network_interfaces", kinds.names),
  missing("a choice of network interfaces", "network_exclude", kinds.names),
  missing(processes, "process_cpu_threshold", kinds.number(0, 100)),
  missing(processes, "process_memory_threshold", kinds.number(0, 1_000_000)),
  missing(processes, "max_tracked_processes", kinds.integer(1, 100_000)),
  ...containerSettings,
  ...virtualMachineSettings,
  ...databaseSettings,
];
