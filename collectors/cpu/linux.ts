/** Reads the processors of a Linux host. */
import { roundTo2 } from "../../lib/round.ts";
import type { Measurement, MetricData } from "../../protocol/metrics/mod.ts";
import type { Collector, Host } from "../collector.ts";
import { hostFile } from "../host_file.ts";
import { parseLoadAverage } from "../load_average.ts";
import { pressureReader } from "../pressure.ts";
import { frequencyReader } from "./frequency.ts";
import { mode, parseStat } from "./parse.ts";
import { trackProcessors } from "./processors.ts";
import { processorTimes } from "./usage.ts";

type CpuData = MetricData<"cpu">;

/** The wire's name of each mode. */
const modeFields = [
  ["user_seconds", mode.user],
  ["nice_seconds", mode.nice],
  ["system_seconds", mode.system],
  ["idle_seconds", mode.idle],
  ["iowait_seconds", mode.iowait],
  ["irq_seconds", mode.irq],
  ["softirq_seconds", mode.softirq],
  ["steal_seconds", mode.steal],
  ["guest_seconds", mode.guest],
  ["guest_nice_seconds", mode.guestNice],
] as const;

/** `cpu` from `/proc/stat`, `/proc/loadavg`, `/proc/pressure/{cpu,irq}` and cpufreq. */
export function linuxCpu(host: Host): Collector {
  const stat = hostFile(host.fs.proc("stat"));
  const loadAverage = hostFile(host.fs.proc("loadavg"));
  const cpuPressure = pressureReader(host.fs.proc("pressure/cpu"), host.clock);
  const irqPressure = pressureReader(host.fs.proc("pressure/irq"), host.clock);
  const frequency = frequencyReader(host);
  const all = processorTimes();
  const processors = trackProcessors();

  const readTimes = (data: CpuData) => {
    const counters = stat.parse((bytes) =>
      parseStat(bytes, (cpu, seconds, modes) => {
        if (cpu !== "all") return processors.advance(cpu, seconds);
        const usage = all.advance(seconds);
        if (usage !== undefined) data.usage = usage;
        for (const [field, index] of modeFields) {
          if (index < modes) data[field] = roundTo2(all.seconds[index] ?? 0);
        }
      })
    );
    const cores = processors.finish();
    if (cores !== undefined) data.cores = cores;
    data.logical_count = counters.onlineCount;
    data.interrupts = counters.interrupts;
    data.context_switches = counters.contextSwitches;
    data.forks = counters.forks;
    data.processes_running = counters.processesRunning;
    data.processes_blocked = counters.processesBlocked;
  };

  const readLoad = (data: CpuData) => {
    const load = loadAverage.parse(parseLoadAverage);
    data.load_1m = load.minutes1;
    data.load_5m = load.minutes5;
    data.load_15m = load.minutes15;
  };

  const readExtras = (data: CpuData) => {
    const hz = frequency();
    if (hz !== undefined) data.frequency_hz = hz;
    // `full` of the whole system means nothing for processors: something always runs.
    const { someSeconds } = cpuPressure.read();
    if (someSeconds !== undefined) data.pressure_some_seconds = someSeconds;
    const { fullSeconds } = irqPressure.read();
    if (fullSeconds !== undefined) data.pressure_irq_full_seconds = fullSeconds;
  };

  return {
    collect(): Measurement[] {
      const data: CpuData = {};
      readTimes(data);
      readLoad(data);
      readExtras(data);
      return [{ type: "cpu", data }];
    },
    close() {
      stat.close();
      loadAverage.close();
      cpuPressure.close();
      irqPressure.close();
    },
  };
}
