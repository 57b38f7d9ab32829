/** How many TCP sockets there are in each state: from the kernel over netlink where it may be asked, else from its tables as text. */
import { countTcpStates, tcpStateCount } from "../../ffi/netlink.ts";
import { logger } from "../../lib/log.ts";
import type { MetricData } from "../../protocol/metrics/mod.ts";
import type { Host } from "../collector.ts";
import { hostFile, optionalHostFile } from "../host_file.ts";
import { isOwnNetwork } from "../own_network.ts";
import { countTcpTable } from "./tcp_table.ts";

const log = logger("collectors", "sockets");

/** Fields of the `sockets` type by state number (kernel: `net/tcp_states.h`). */
const fields = [
  [1, "established"],
  [2, "syn_sent"],
  [3, "syn_recv"],
  [4, "fin_wait1"],
  [5, "fin_wait2"],
  [6, "time_wait"],
  [7, "close"],
  [8, "close_wait"],
  [9, "last_ack"],
  [10, "listen"],
  [11, "closing"],
] as const;

/** A connection request that has no socket yet; shown as `syn_recv`, as the text tables do. */
const newSynRecv = 12;

/** Number of sockets by state. */
export type TcpStates = Pick<MetricData<"sockets">, (typeof fields)[number][1]>;

/** Counts again and again. */
export interface TcpStatesReader {
  /** @throws When neither source can be read. */
  read(): TcpStates;
  close(): void;
}

/** Counts into an array by state number. */
export type CountStates = (counts: Uint32Array) => void;

/**
 * Makes a reader. `ask` asks the kernel; the first time it fails, the text tables take its place for good, at ten times the cost.
 */
export function tcpStatesReader(host: Host, ask: CountStates = countTcpStates): TcpStatesReader {
  const table = hostFile(host.fs.procInit("net/tcp"));
  const table6 = optionalHostFile(host.fs.procInit("net/tcp6"), host.clock); // Absent where IPv6 is switched off.
  const counts = new Uint32Array(tcpStateCount);
  let mayAsk = isOwnNetwork(host);

  function readTables(): void {
    counts.fill(0);
    table.parse((bytes) => countTcpTable(bytes, counts));
    table6.parse((bytes) => countTcpTable(bytes, counts));
  }

  return {
    read() {
      if (mayAsk) {
        try {
          ask(counts);
        } catch (error) {
          mayAsk = false;
          log.warning("Socket states are read from text from now on: {error}", { error });
        }
      }
      if (!mayAsk) readTables();
      const states: TcpStates = {};
      for (const [state, field] of fields) states[field] = counts[state] ?? 0;
      states.syn_recv = (counts[3] ?? 0) + (counts[newSynRecv] ?? 0);
      return states;
    },
    close() {
      table.close();
      table6.close();
    },
  };
}
