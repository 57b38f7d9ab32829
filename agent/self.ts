/**
 * The agent about itself: the `agent` type. Always this process, wherever the host's trees are mounted.
 */
import type { Collector, CollectorDefinition } from "../collectors/collector.ts";
import type { Clock } from "../lib/clock.ts";
import { hostFs, readText } from "../lib/host_fs.ts";
import { version } from "../lib/version.ts";
import type { MetricData } from "../protocol/metrics/mod.ts";
import type { DeliveryCounters } from "../transport/counters.ts";
import type { CollectorStates } from "./scheduler.ts";

/** What the agent's parts say of themselves. */
export interface SelfSources {
  readonly counters: Readonly<DeliveryCounters>;
  /** Envelopes that wait, and their bytes. */
  waiting(): { readonly envelopes: number; readonly bytes: number };
  collectors(): CollectorStates;
}

/** Processor time and memory of this process. */
type ProcessFigures = Pick<
  MetricData<"agent">,
  "cpu_seconds" | "rss_bytes" | "rss_anonymous_bytes" | "heap_used_bytes" | "open_file_descriptors"
>;

/** The collector of the `agent` type. `startedMs` is on the monotonic clock. */
export function selfCollector(sources: SelfSources, clock: Clock, startedMs: number): CollectorDefinition {
  return {
    name: "agent",
    summary: "The agent itself: processor time, memory, queue, how each collector is doing",
    types: ["agent"],
    intervalSeconds: 30,
    deadlineMs: 5_000,
    detect: () => ({ status: "available" }),
    create: (): Collector => ({
      async collect() {
        const { counters } = sources;
        const waiting = sources.waiting();
        return [{
          type: "agent",
          data: {
            version,
            uptime_seconds: Math.round((clock.monotonicMs() - startedMs) / 1_000),
            ...await processFigures(),
            queue_envelopes: waiting.envelopes,
            queue_bytes: waiting.bytes,
            sent_batches: counters.sentBatches,
            sent_envelopes: counters.sentEnvelopes,
            sent_bytes: counters.sentBytes,
            send_failures: counters.failures,
            rejected_envelopes: counters.rejectedEnvelopes,
            lost_envelopes: counters.lostEnvelopes,
            collectors: sources.collectors(),
          },
        }];
      },
    }),
  };
}

async function processFigures(): Promise<ProcessFigures> {
  const memory = Deno.memoryUsage();
  const common = { rss_bytes: memory.rss, heap_used_bytes: memory.heapUsed };
  if (Deno.build.os !== "linux") {
    // Not loaded on Linux: node's process module costs memory there that /proc makes unnecessary.
    const { cpuUsage } = await import("node:process");
    const { user, system } = cpuUsage();
    return { ...common, cpu_seconds: (user + system) / 1e6 };
  }
  const own = hostFs();
  const cpuSeconds = parseCpuSeconds(readText(own.proc("self/stat")) ?? "");
  const anonymous = /^RssAnon:\s*(\d+) kB$/m.exec(readText(own.proc("self/status")) ?? "")?.[1];
  return {
    ...common,
    ...(cpuSeconds === undefined ? {} : { cpu_seconds: cpuSeconds }),
    ...(anonymous === undefined ? {} : { rss_anonymous_bytes: Number(anonymous) * 1_024 }),
    open_file_descriptors: [...Deno.readDirSync(own.proc("self/fd"))].length,
  };
}

/** USER_HZ: the unit of times in `/proc`, the same on every architecture that Deno runs on (time(7)). */
const clockTicksPerSecond = 100;

/** `utime` + `stime` of `/proc/<pid>/stat` (proc_pid_stat(5)) in seconds; `undefined` when it is malformed. */
export function parseCpuSeconds(stat: string): number | undefined {
  // The name in parentheses may hold anything, so fields are counted from the last parenthesis: state is the third.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const ticks = Number(fields[14 - 3]) + Number(fields[15 - 3]);
  return Number.isFinite(ticks) ? ticks / clockTicksPerSecond : undefined;
}
