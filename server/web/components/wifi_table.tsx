/** Wireless interfaces: what they have joined and how well they hear it. */
import type { HostDetail } from "../../../protocol/api.ts";
import { elementsOf, type Fields, flagIn, numberIn, textIn } from "../state/latest.ts";
import { absent, formatBitRate, formatDuration, formatQuantity } from "../text/format.ts";
import { Clip } from "./clip.tsx";
import { DataTable } from "./data_table.tsx";

const columns = [
  { name: "interface", word: "Interface" },
  { name: "network", word: "Network" },
  { name: "state", word: "State" },
  { name: "signal", word: "Signal", numeric: true },
  { name: "sends", word: "Sends at", numeric: true },
  { name: "receives", word: "Receives at", numeric: true },
  { name: "frequency", word: "Frequency", numeric: true },
] as const;

/** The table; nothing where the host has no wireless interface. */
export function WifiTable({ detail }: { readonly detail: HostDetail }) {
  const interfaces = elementsOf(detail, "wifi_list", "interfaces", "wifi");
  if (interfaces.length === 0) return null;
  return (
    <DataTable
      title="Wireless"
      columns={columns}
      empty=""
      rows={interfaces.map((wifi) => {
        const name = textIn(wifi, "interface") ?? absent;
        const ssid = textIn(wifi, "ssid") ?? absent;
        return {
          key: name,
          cells: {
            interface: <Clip text={name} />,
            network: <Clip text={ssid} title={[ssid, textIn(wifi, "bssid")].filter(Boolean).join("\n")} />,
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
