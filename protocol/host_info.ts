/** Who a host is: what an agent says of it at register, and what the server answers. */
import * as z from "zod/mini";
import { limitsSchema, text } from "./limits.ts";
import { gauge, state } from "./measure.ts";

/** Body of `POST /api/v1/agent/register`. Only `hostname` is required: v1 agents send what they know. */
export const hostInfoSchema = z.object({
  hostname: z.string().check(z.minLength(1), z.maxLength(255)),
  /** Kernel family: `linux`, `windows`, `darwin`. */
  os: z.optional(text()),
  /** Distribution or edition: `debian`, `Windows Server 2022` … */
  platform: z.optional(text()),
  platform_ver: z.optional(text()),
  kernel: z.optional(text()),
  arch: z.optional(text()),
  cpu_model: z.optional(text()),
  cpu_cores: z.optional(
    gauge({
      unit: "{cpu}",
      help: "Logical processors.",
      prometheus: "spectra_host_cpu_cores",
      otel: "system.cpu.logical.count",
    }),
  ),
  ram_total: z.optional(
    gauge({
      unit: "By",
      help: "Usable memory.",
      prometheus: "spectra_host_memory_bytes",
      otel: "system.memory.limit",
    }),
  ),
  agent_version: z.optional(text()),
  boot_time: z.optional(
    state({
      unit: "s",
      help: "When the host booted, Unix time.",
      prometheus: "spectra_host_boot_time_seconds",
    }),
  ),
  ips: z.optional(z.array(text(64)).check(z.maxLength(1024))),
  agent_id: z.optional(text(64)),
  machine_id: z.optional(text(128)),
  enrollment_token: z.optional(text(256)),
  /** Command kinds that the agent can run. */
  capabilities: z.optional(z.array(text(64)).check(z.maxLength(256))),
  virtualization: z.optional(text()),
  labels: z.optional(z.record(z.string().check(z.maxLength(128)), text())),
});

/** What an agent says of its host. */
export type HostInfo = z.infer<typeof hostInfoSchema>;

/** 200 answer to register. */
export const registeredSchema = z.object({
  agent_id: z.string().check(z.minLength(1)),
  /** Bearer key of the agent; absent when the agent already proved that it has it. */
  agent_key: z.optional(z.string()),
  tenant: z.string(),
  server_time: z.string(),
  config: z.object({ limits: limitsSchema }),
});

/** 200 answer to register. */
export type Registered = z.infer<typeof registeredSchema>;

/** 200 answer to a heartbeat. */
export const heartbeatAnswerSchema = z.object({ server_time: z.string() });
