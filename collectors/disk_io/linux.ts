/** Reads the block devices of a Linux host. */
import type { MetricData } from "../../protocol/metrics/mod.ts";
import type { Collector, Host } from "../collector.ts";
import { hostFile } from "../host_file.ts";
import { pressureReader } from "../pressure.ts";
import { type BlockDevice, blockDevice } from "./devices.ts";
import { column, parseDiskstats, sectorBytes } from "./parse.ts";

type DiskIo = MetricData<"disk_io">;

/** How long what sysfs says of a device is believed: device-mapper numbers are given away again. */
const rememberForMs = 300_000;

/** `disk_io_list` from `/proc/diskstats`, sysfs and `/proc/pressure/io`. */
export function linuxDiskIo(host: Host): Collector {
  const file = hostFile(host.fs.proc("diskstats"));
  const pressure = pressureReader(host.fs.proc("pressure/io"), host.clock);
  let known = new Map<string, BlockDevice | undefined>();
  let forgetAt = 0;

  function deviceOf(name: string): BlockDevice | undefined {
    if (!known.has(name)) known.set(name, blockDevice(host.fs, name));
    return known.get(name);
  }

  return {
    collect() {
      if (host.clock.monotonicMs() >= forgetAt) {
        known = new Map();
        forgetAt = host.clock.monotonicMs() + rememberForMs;
      }
      const devices: DiskIo[] = [];
      file.parse((bytes) =>
        parseDiskstats(bytes, (name, numbers, count) => {
          const device = deviceOf(name);
          if (device === undefined) return;
          if (device.mayBeEmpty && numbers.subarray(0, count).every((value) => value === 0)) return;
          devices.push(countersOf(name, device.label, numbers, count));
        })
      );
      const { someSeconds, fullSeconds } = pressure.read();
      return [{
        type: "disk_io_list",
        data: {
          devices,
          ...(someSeconds === undefined ? {} : { pressure_some_seconds: someSeconds }),
          ...(fullSeconds === undefined ? {} : { pressure_full_seconds: fullSeconds }),
        },
      }];
    },
    close() {
      file.close();
      pressure.close();
    },
  };
}

function countersOf(device: string, label: string | undefined, numbers: Float64Array, count: number): DiskIo {
  const at = (index: number) => numbers[index] ?? 0;
  const data: DiskIo = {
    device,
    read_bytes: at(column.sectorsRead) * sectorBytes,
    write_bytes: at(column.sectorsWritten) * sectorBytes,
    read_ops: at(column.reads),
    write_ops: at(column.writes),
    read_time_ms: at(column.readMs),
    write_time_ms: at(column.writeMs),
    io_in_progress: at(column.inProgress),
    io_time_ms: at(column.ioMs),
    weighted_io_time_ms: at(column.weightedIoMs),
    reads_merged: at(column.readsMerged),
    writes_merged: at(column.writesMerged),
  };
  if (label !== undefined) data.label = label;
  if (count > column.sectorsDiscarded) {
    data.discard_ops = at(column.discards);
    data.discard_bytes = at(column.sectorsDiscarded) * sectorBytes;
  }
  if (count > column.flushMs) {
    data.flush_ops = at(column.flushes);
    data.flush_time_ms = at(column.flushMs);
  }
  return data;
}
