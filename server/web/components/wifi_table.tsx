/** Wireless interfaces: what they have joined and how well they hear it. */
import type { HostDetail } from "../../../protocol/api.ts";
import { elementsOf, type Fields, flagIn, joinedTexts, numberIn, textIn } from "../state/latest.ts";
import { absent, formatBitRate, formatDuration, formatQuantity } from "../text/format.ts";
import { Clip } from "./clip.tsx";
import { DataTable, numberColumn, textColumn } from "./data_table.tsx";

const columns = [
  textColumn("interface", "Interface"),
  textColumn("network", "Network"),
  textColumn("state", "State"),
  numberColumn("signal", "Signal"),
  numberColumn("sends", "Sends at"),
  numberColumn("receives", "Receives at"),
  numberColumn("frequency", "Frequency"),
];

/** The table; nothing where the host has no wireless interface. */
export function WifiTable({ detail }: { readonly detail: HostDetail }) {
  const interfaces = elementsOf(detail, "wifi_list", "interfaces", "wifi");
  if (interfaces.length === 0) return null;
  return (
    <DataTable
      title="Wireless"
      columns={columns}
      rows={interfaces.map((wifi) => {
        const name = textIn(wifi, "interface") ?? absent;
        return {
          key: name,
          cells: {
            interface: <Clip text={name} />,
            network: <Clip text={textIn(wifi, "ssid")} title={joinedTexts(wifi, ["ssid", "bssid"], "\n")} />,
            state: stateOf(wifi),
            signal: formatQuantity(numberIn(wifi, "signal_dbm"), "dBm"),
            sends: bitRate(wifi, "bitrate_mbps"),
            receives: bitRate(wifi, "rx_bitrate_mbps"),
            frequency: formatQuantity(numberIn(wifi, "frequency_ghz"), "GHz"),
          },
        };
      })}
    />
  );
}

function bitRate(wifi: Fields, field: string): string {
  const megabits = numberIn(wifi, field);
  return formatBitRate(megabits === undefined ? undefined : megabits * 1e6);
}

function stateOf(wifi: Fields): string {
  const mode = textIn(wifi, "mode");
  const stations = numberIn(wifi, "stations");
  const seconds = numberIn(wifi, "connected_seconds");
  const joined = flagIn(wifi, "connected")
    ? seconds === undefined ? "joined" : `joined for ${formatDuration(seconds)}`
    : wifi["connected"] === false
    ? "not joined"
    : undefined;
  return [mode, joined, stations === undefined ? undefined : `${stations} stations`].filter(Boolean).join(
    ", ",
  );
}
