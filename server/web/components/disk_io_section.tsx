/** What block devices do: charts of one device, figures of all. */
import { useSignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import type { HostDetail } from "../../../protocol/api.ts";
import { Chart } from "../charts/chart.tsx";
import {
  deviceKey,
  diskOperationLines,
  diskThroughputLines,
  diskUtilisationLines,
} from "../charts/host_lines.ts";
import type { HostView } from "../state/host_view.ts";
import { busiest } from "../state/busiest.ts";
import { elementsOf, numberIn, textIn } from "../state/latest.ts";
import { formatByteRate, formatCount, formatPercent, formatRate } from "../text/format.ts";
import { DataTable, numberColumn, textColumn } from "./data_table.tsx";
import { Picker } from "./picker.tsx";

const columns = [
  textColumn("device", "Device"),
  numberColumn("read", "Read"),
  numberColumn("written", "Written"),
  numberColumn("reads", "Reads"),
  numberColumn("writes", "Writes"),
  numberColumn("busy", "Busy"),
  numberColumn("inFlight", "In flight"),
];

/** The section; says so when the host reports no device. */
export function DiskIoSection({ view, detail }: { readonly view: HostView; readonly detail: HostDetail }) {
  view.tick.value; // The newest rates are read anew at every tick.
  const chosen = useSignal<string | undefined>(undefined);
  const devices = elementsOf(detail, "disk_io_list", "devices", "disk_io")
    .map((fields) => ({ fields, device: textIn(fields, "device") ?? "" }));
  const rate = (field: string, device: string) => view.store.latest(deviceKey(field, device));
  const traffic = (device: string) => (rate("read_bytes", device) ?? 0) + (rate("write_bytes", device) ?? 0);
  const ready = view.history.value === "ready" && devices.length > 0;
  // Chosen once: charts that jump from device to device by themselves can't be read.
  const first = useMemo(() => busiest(devices.map((one) => one.device), traffic), [ready]);
  const device = chosen.value ?? first;
  const name = (one: { readonly fields: Parameters<typeof textIn>[0]; readonly device: string }) => {
    const label = textIn(one.fields, "label");
    return label === undefined || label === one.device ? one.device : `${one.device} (${label})`;
  };
  return (
    <>
      <div class="section-head">
        <h2>Disk I/O</h2>
        {device !== undefined && (
          <Picker
            word="Device"
            value={device}
            choices={devices.map((one) => [one.device, name(one)])}
            choose={(value) => chosen.value = value}
          />
        )}
      </div>
      {device !== undefined && (
        <div class="charts">
          <Chart
            title="Throughput"
            help="Bytes read from and written to the device."
            view={view}
            lines={diskThroughputLines(view.store, device)}
            format={formatByteRate}
            top={{ atLeast: 16 * 1024 }}
            binary
          />
          <Chart
            title="Operations"
            help="Reads and writes that the device completed."
            view={view}
            lines={diskOperationLines(view.store, device)}
            format={formatRate}
            top={{ atLeast: 5 }}
          />
          <Chart
            title="Busy time"
            help="Share of time in which the device had anything to do. A device that works in parallel can be 100 % busy and still take more."
            view={view}
            lines={diskUtilisationLines(view.store, device)}
            format={formatPercent}
            top="percent"
          />
        </div>
      )}
      <DataTable
        title="Devices"
        columns={columns}
        empty="No block device has been reported."
        rows={devices.map((one) => ({
          key: one.device,
          cells: {
            device: <span class="clip" title={name(one)}>{name(one)}</span>,
            read: formatByteRate(rate("read_bytes", one.device)),
            written: formatByteRate(rate("write_bytes", one.device)),
            reads: formatRate(rate("read_ops", one.device)),
            writes: formatRate(rate("write_ops", one.device)),
            busy: formatPercent(percentOf(rate("io_time_ms", one.device))),
            inFlight: formatCount(numberIn(one.fields, "io_in_progress")),
          },
        }))}
      />
    </>
  );
}

function percentOf(busyMsPerSecond: number | undefined): number | undefined {
  return busyMsPerSecond === undefined ? undefined : busyMsPerSecond / 10;
}
