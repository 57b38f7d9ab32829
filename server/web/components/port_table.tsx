/** Where the host listens, what breaks the rules first. */
import type { HostDetail } from "../../../protocol/api.ts";
import { latestOf, listIn, numberIn, textIn } from "../state/latest.ts";
import { portCounts, sortPorts } from "../state/network_services.ts";
import { absent, formatCount } from "../text/format.ts";
import { Clip } from "./clip.tsx";
import { numberColumn, textColumn } from "./data_table.tsx";
import { LongTable } from "./long_table.tsx";

const columns = [
  textColumn("port", "Port"),
  textColumn("address", "Address"),
  textColumn("process", "Process"),
  textColumn("unit", "Unit"),
  numberColumn("queue", "Waiting"),
  textColumn("state", "State"),
];

/** The table; nothing where the host reports no ports. */
export function PortTable({ detail }: { readonly detail: HostDetail }) {
  const list = latestOf(detail, "port_list");
  const ports = listIn(list, "ports");
  if (ports.length === 0) return null;
  return (
    <LongTable
      title="Listening ports"
      columns={columns}
      note={[portCounts(ports), textIn(list, "note")].filter(Boolean).join(". ")}
      items={sortPorts(ports)}
      firstRows={12}
      searched={(port) =>
        ["port", "protocol", "address", "process", "unit", "violation"].map((field) => port[field]).join(
          "\n",
        )}
      row={(port) => {
        const name = `${numberIn(port, "port") ?? absent}/${textIn(port, "protocol") ?? absent}`;
        const address = textIn(port, "address") ?? absent;
        const violation = textIn(port, "violation");
        const pid = numberIn(port, "pid");
        const queue = numberIn(port, "accept_queue");
        const process = textIn(port, "process") ?? absent;
        return {
          key: `${name} ${address}`,
          alarming: violation !== undefined,
          cells: {
            port: <span class="number">{name}</span>,
            address: <Clip text={address} />,
            process: <Clip text={pid === undefined ? process : `${process} (${pid})`} />,
            unit: <Clip text={textIn(port, "unit")} />,
            queue: queue === undefined
              ? absent
              : `${formatCount(queue)} of ${formatCount(numberIn(port, "accept_queue_limit"))}`,
            state: violation !== undefined
              ? <strong class="wrap">{violation}</strong>
              : port["expected"] === true
              ? "expected"
              : "listening",
          },
        };
      }}
    />
  );
}
