/** Reads the TCP and UDP counters and the sockets of a Linux host. */
import type { MetricData } from "../../protocol/metrics/mod.ts";
import type { Collector, Host } from "../collector.ts";
import { hostFile, optionalHostFile } from "../host_file.ts";
import { readPageSize } from "../memory/page_size.ts";
import { countersParser } from "./protocol_counters.ts";
import { parseSockstat, parseSockstat6 } from "./socket_counts.ts";
import { tcpStatesReader } from "./tcp_states.ts";

const parseTcp = countersParser("Tcp", [
  ["active_opens", "ActiveOpens"],
  ["passive_opens", "PassiveOpens"],
  ["attempt_fails", "AttemptFails"],
  ["established_resets", "EstabResets"],
  ["established", "CurrEstab"],
  ["segments_in", "InSegs"],
  ["segments_out", "OutSegs"],
  ["segments_retransmitted", "RetransSegs"],
  ["in_errors", "InErrs"],
  ["resets_out", "OutRsts"],
]);
const parseTcpExtended = countersParser("TcpExt", [
  ["listen_overflows", "ListenOverflows"],
  ["listen_drops", "ListenDrops"],
  ["syn_retransmitted", "TCPSynRetrans"],
  ["timeouts", "TCPTimeouts"],
]);
const parseUdp = countersParser("Udp", [
  ["datagrams_in", "InDatagrams"],
  ["datagrams_out", "OutDatagrams"],
  ["no_ports", "NoPorts"],
  ["in_errors", "InErrors"],
  ["receive_buffer_errors", "RcvbufErrors"],
  ["send_buffer_errors", "SndbufErrors"],
]);

/** `tcp`, `udp` and `sockets` of the network namespace of the host's first process. */
export function linuxSockets(host: Host): Collector {
  const snmp = hostFile(host.fs.procInit("net/snmp"));
  const netstat = hostFile(host.fs.procInit("net/netstat"));
  const sockstat = hostFile(host.fs.procInit("net/sockstat"));
  const sockstat6 = optionalHostFile(host.fs.procInit("net/sockstat6"), host.clock); // Absent where IPv6 is switched off.
  const states = tcpStatesReader(host);
  const pageBytes = readPageSize(host.fs);

  function readSockets(): MetricData<"sockets"> {
    const ipv4 = sockstat.parse(parseSockstat);
    const ipv6 = sockstat6.parse(parseSockstat6);
    return {
      sockets_used: ipv4.used,
      tcp_in_use: ipv4.tcpInUse + (ipv6?.tcpInUse ?? 0),
      tcp_orphaned: ipv4.tcpOrphaned,
      udp_in_use: ipv4.udpInUse + (ipv6?.udpInUse ?? 0),
      ...(pageBytes === undefined ? {} : { tcp_memory_bytes: ipv4.tcpMemoryPages * pageBytes }),
      ...states.read(),
    };
  }

  return {
    collect() {
      const { tcp, udp } = snmp.parse((bytes) => ({ tcp: parseTcp(bytes), udp: parseUdp(bytes) }));
      return [
        { type: "tcp", data: { ...tcp, ...netstat.parse(parseTcpExtended) } },
        { type: "udp", data: udp },
        { type: "sockets", data: readSockets() },
      ];
    },
    close() {
      for (const source of [snmp, netstat, sockstat, sockstat6, states]) source.close();
    },
  };
}
