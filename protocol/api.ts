/** What the server answers to dashboards and scripts: hosts, series, the live feed, sessions. */
import * as z from "zod/mini";
import { hostInfoSchema } from "./host_info.ts";
import { gauge } from "./measure.ts";

const summaryGauge = (unit: "%" | "By" | "bit/s" | "s" | "{task}", help: string, name: string) =>
  z.optional(gauge({ unit, help, prometheus: `spectra_host_${name}` }));

/** The figures that a list of hosts shows. */
export const hostFiguresSchema = z.object({
  cpu_percent: summaryGauge("%", "Processor time in use.", "cpu_percent"),
  memory_percent: summaryGauge("%", "Memory in use.", "memory_percent"),
  disk_percent: summaryGauge("%", "Fullest file system.", "disk_percent"),
  /** Mount point of the fullest file system. */
  disk_mountpoint: z.optional(z.string()),
  network_receive_bps: summaryGauge("bit/s", "Received by all physical interfaces.", "network_receive_bps"),
  network_transmit_bps: summaryGauge("bit/s", "Sent by all physical interfaces.", "network_transmit_bps"),
  load_1m: summaryGauge("{task}", "Load over 1 min.", "load_1m"),
  uptime_seconds: summaryGauge("s", "Time since boot.", "uptime_seconds"),
});

/** The figures that a list of hosts shows. */
export type HostFigures = z.infer<typeof hostFiguresSchema>;

/** `online`: heard within its pace; `late`: overdue; `offline`: not heard for a minute; `waiting`: registered, nothing sent yet. */
export const hostStatuses = ["online", "late", "offline", "waiting"] as const;

/** One host as lists show it. */
export const hostSummarySchema = z.object({
  agent_id: z.string(),
  hostname: z.string(),
  tenant: z.string(),
  /** Sends without a key, allowed by `--allow-anonymous-agents`. */
  anonymous: z.boolean(),
  status: z.enum(hostStatuses),
  /** RFC 3339. */
  last_seen: z.optional(z.string()),
  registered_at: z.string(),
  info: z.omit(hostInfoSchema, { enrollment_token: true }),
  figures: hostFiguresSchema,
});

/** One host as lists show it. */
export type HostSummary = z.infer<typeof hostSummarySchema>;

/** `GET /api/v1/hosts`. */
export const hostListSchema = z.object({ server_time: z.string(), hosts: z.array(hostSummarySchema) });

/** `GET /api/v1/hosts/{id}`: with the latest envelope of each type (of each element, where v1 agents send them singly). */
export const hostDetailSchema = z.extend(hostSummarySchema, {
  latest: z.array(z.object({
    type: z.string(),
    timestamp: z.string(),
    data: z.record(z.string(), z.unknown()),
  })),
});

/** `GET /api/v1/hosts/{id}`. */
export type HostDetail = z.infer<typeof hostDetailSchema>;

/** One series: its points in time order. */
export const seriesSchema = z.object({
  /** Name and labels in one text, as in the live feed. */
  key: z.string(),
  name: z.string(),
  labels: z.record(z.string(), z.string()),
  unit: z.string(),
  /** True when the values are per-second rates of a counter. */
  rate: z.boolean(),
  /** Unix milliseconds. */
  times: z.array(z.number()),
  /** `null` marks a gap: the host was not heard, or the counter started again. */
  values: z.array(z.nullable(z.number())),
});

/** One series. */
export type Series = z.infer<typeof seriesSchema>;

/** `GET /api/v1/hosts/{id}/series`. */
export const seriesAnswerSchema = z.object({
  agent_id: z.string(),
  from: z.string(),
  to: z.string(),
  series: z.array(seriesSchema),
});

/** `GET /api/v1/hosts/{id}/series`. */
export type SeriesAnswer = z.infer<typeof seriesAnswerSchema>;

/**
 * Data of the events of `GET /api/v1/live` (SSE), by event name. A client that comes back with `Last-Event-ID` gets what
 * it missed, or `snapshot` when that is no longer held.
 */
export const liveEventSchemas = {
  /** First event of a connection: all hosts. */
  snapshot: hostListSchema,
  /** A host changed: status, figures, information. */
  host: hostSummarySchema,
  /** A host was removed. */
  removed: z.object({ agent_id: z.string() }),
  /** New values of the host that the client asked for with `agent_id`; counters come as per-second rates. */
  samples: z.object({
    agent_id: z.string(),
    /** Unix milliseconds. */
    at: z.number(),
    /** By series key. */
    values: z.record(z.string(), z.number()),
  }),
} as const;

/** Data of a live event. */
export type LiveEventData<K extends keyof typeof liveEventSchemas> = z.infer<(typeof liveEventSchemas)[K]>;

/** A live event. */
export type LiveEvent = {
  [K in keyof typeof liveEventSchemas]: { readonly event: K; readonly data: LiveEventData<K> };
}[keyof typeof liveEventSchemas];

/** Body of `POST /api/v1/session`: the one-time code that the server printed, or the admin token. */
export const signInSchema = z.object({
  code: z.optional(z.string().check(z.maxLength(256))),
  token: z.optional(z.string().check(z.maxLength(256))),
});

/** `GET /api/v1/session`. */
export const sessionSchema = z.object({ principal: z.string(), server_version: z.string() });
