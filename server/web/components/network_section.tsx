/** What network interfaces do: charts of one, figures of all, and the host's TCP. */
import { useSignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import type { HostDetail } from "../../../protocol/api.ts";
import { Chart } from "../charts/chart.tsx";
import { interfaceKey, networkFaultLines, networkLines } from "../charts/host_lines.ts";
import { busiest } from "../state/busiest.ts";
import type { HostView } from "../state/host_view.ts";
import { elementsOf, type Fields, flagIn, numberIn, textIn } from "../state/latest.ts";
import { absent, formatBitRate, formatCount, formatRate } from "../text/format.ts";
import { DataTable, numberColumn, textColumn } from "./data_table.tsx";
import { Picker } from "./picker.tsx";

const columns = [
  textColumn("interface", "Interface"),
  textColumn("state", "State"),
  numberColumn("speed", "Speed"),
  numberColumn("received", "Received"),
  numberColumn("sent", "Sent"),
  numberColumn("errors", "Errors/s in / out"),
  numberColumn("drops", "Drops/s in / out"),
];

/** The section; says so when the host reports no interface. */
export function NetworkSection({ view, detail }: { readonly view: HostView; readonly detail: HostDetail }) {
  view.tick.value; // The newest rates are read anew at every tick.
  const chosen = useSignal<string | undefined>(undefined);
  const interfaces = elementsOf(detail, "network_list", "interfaces", "network")
    .map((fields) => ({ fields, name: textIn(fields, "interface") ?? "" }))
    .sort((a, b) => Number(flagIn(a.fields, "virtual")) - Number(flagIn(b.fields, "virtual")));
  const rate = (field: string, name: string) => view.store.latest(interfaceKey(field, name));
  const ready = view.history.value === "ready" && interfaces.length > 0;
  // Chosen once: charts that jump from interface to interface by themselves can't be read.
  const first = useMemo(() => {
    const physical = interfaces.filter(({ fields }) => !flagIn(fields, "virtual"));
    return busiest(
      (physical.length > 0 ? physical : interfaces).map(({ name }) => name),
      (name) => (rate("rx_bytes", name) ?? 0) + (rate("tx_bytes", name) ?? 0),
    );
  }, [ready]);
  const shown = chosen.value ?? first;
  return (
    <>
      <div class="section-head">
        <h2>Network</h2>
        {shown !== undefined && (
          <Picker
            word="Interface"
            value={shown}
            choices={interfaces.map(({ name }) => [name, name])}
            choose={(value) => chosen.value = value}
          />
        )}
      </div>
      {shown !== undefined && (
        <div class="charts">
          <Chart
            title="Traffic"
            help="Bits received and sent by the interface."
            view={view}
            lines={networkLines(view.store, shown)}
            format={formatBitRate}
            top={{ atLeast: 10_000 }}
          />
          <Chart
            title="Errors and drops"
            help="Packets that were damaged, and packets that were thrown away, per second."
            view={view}
            lines={networkFaultLines(view.store, shown)}
            format={formatRate}
            top={{ atLeast: 1 }}
          />
        </div>
      )}
      <DataTable
        title="Interfaces"
        columns={columns}
        empty="No network interface has been reported."
        rows={interfaces.map(({ fields, name }) => ({
          key: name,
          cells: {
            interface: (
              <span class="clip" title={[name, textIn(fields, "mac_address")].join(" ")}>{name}</span>
            ),
            state: stateOf(fields),
            speed: formatBitRate(numberIn(fields, "speed")),
            received: formatBitRate(bits(rate("rx_bytes", name))),
            sent: formatBitRate(bits(rate("tx_bytes", name))),
            errors: `${formatCount(rate("rx_errors", name))} / ${formatCount(rate("tx_errors", name))}`,
            drops: `${formatCount(rate("rx_drops", name))} / ${formatCount(rate("tx_drops", name))}`,
          },
        }))}
      />
    </>
  );
}

function bits(bytes: number | undefined): number | undefined {
  return bytes === undefined ? undefined : bytes * 8;
}

function stateOf(fields: Fields): string {
  const state = textIn(fields, "oper_state") ?? absent;
  return flagIn(fields, "virtual") ? `${state}, virtual` : state;
}
