/** Network interfaces (`network`, `network_list`), protocol counters (`tcp`, `udp`) and socket states (`sockets`). */
import * as z from "zod/mini";
import { limits, text } from "../limits.ts";
import { counter, gauge } from "../measure.ts";

const traffic = (
  direction: "receive" | "transmit",
  what: "bytes" | "packets" | "errs" | "drop",
  help: string,
) => {
  const otelName = { bytes: "io", packets: "packet.count", errs: "errors", drop: "packet.dropped" }[what];
  return z.optional(counter({
    unit: what === "bytes" ? "By" : "{packet}",
    help,
    prometheus: `node_network_${direction}_${what}_total`,
    otel: `system.network.${otelName}{network.io.direction=${direction}}`,
  }));
};

/** One network interface. */
export const network = z.object({
  interface: text(),
  mac_address: z.optional(text()),
  mtu: z.optional(gauge({ unit: "By", help: "Largest packet.", prometheus: "node_network_mtu_bytes" })),
  speed: z.optional(gauge({
    unit: "bit/s",
    help: "Link speed; absent where the driver does not know it (virtual, wireless, link down).",
    prometheus: "node_network_speed_bytes",
  })),
  /** RFC 2863 state: `up`, `down`, `dormant`, `lowerlayerdown`, `unknown` … */
  oper_state: z.optional(text()),
  duplex: z.optional(text()),
  /** True for what other interfaces already count: loopback, bridges, tunnels, container ends. */
  virtual: z.optional(z.boolean()),
  rx_bytes: traffic("receive", "bytes", "Received."),
  rx_packets: traffic("receive", "packets", "Packets received."),
  rx_errors: traffic("receive", "errs", "Packets received with errors."),
  rx_drops: traffic("receive", "drop", "Packets dropped on reception (unknown protocols included)."),
  tx_bytes: traffic("transmit", "bytes", "Sent."),
  tx_packets: traffic("transmit", "packets", "Packets sent."),
  tx_errors: traffic("transmit", "errs", "Packets that could not be sent."),
  tx_drops: traffic("transmit", "drop", "Packets dropped on sending."),
  rx_multicast: z.optional(counter({
    unit: "{packet}",
    help: "Multicast packets received.",
    prometheus: "node_network_receive_multicast_total",
  })),
  collisions: z.optional(counter({
    unit: "{collision}",
    help: "Collisions.",
    prometheus: "node_network_transmit_colls_total",
  })),
  carrier_changes: z.optional(counter({
    unit: "{change}",
    help: "Times that the link went up or down.",
    prometheus: "node_network_carrier_changes_total",
  })),
});

/** Data of a `network_list` envelope. */
export const networkList = z.object({
  interfaces: z.array(network).check(z.maxLength(limits.listLength)),
});

const protocolCounter = (help: string, prometheus: string, unit: `{${string}}`) =>
  z.optional(counter({ unit, help, prometheus }));

/** Data of a `tcp` envelope: counters of the host's TCP (RFC 4022 and Linux `TcpExt`). */
export const tcp = z.object({
  active_opens: protocolCounter(
    "Connections opened from here.",
    "node_netstat_Tcp_ActiveOpens",
    "{connection}",
  ),
  passive_opens: protocolCounter("Connections accepted.", "node_netstat_Tcp_PassiveOpens", "{connection}"),
  attempt_fails: protocolCounter(
    "Connection attempts that failed.",
    "node_netstat_Tcp_AttemptFails",
    "{connection}",
  ),
  established_resets: protocolCounter(
    "Established connections that were reset.",
    "node_netstat_Tcp_EstabResets",
    "{connection}",
  ),
  segments_in: protocolCounter("Segments received.", "node_netstat_Tcp_InSegs", "{segment}"),
  segments_out: protocolCounter(
    "Segments sent, without retransmissions.",
    "node_netstat_Tcp_OutSegs",
    "{segment}",
  ),
  segments_retransmitted: protocolCounter(
    "Segments sent again.",
    "node_netstat_Tcp_RetransSegs",
    "{segment}",
  ),
  in_errors: protocolCounter("Segments received with errors.", "node_netstat_Tcp_InErrs", "{segment}"),
  resets_out: protocolCounter("Resets sent.", "node_netstat_Tcp_OutRsts", "{segment}"),
  listen_overflows: protocolCounter(
    "Connections refused because an accept queue was full.",
    "node_netstat_TcpExt_ListenOverflows",
    "{connection}",
  ),
  listen_drops: protocolCounter(
    "Connection requests dropped by listeners.",
    "node_netstat_TcpExt_ListenDrops",
    "{connection}",
  ),
  syn_retransmitted: protocolCounter(
    "Connection requests sent again.",
    "node_netstat_TcpExt_TCPSynRetrans",
    "{segment}",
  ),
  timeouts: protocolCounter("Retransmission time-outs.", "node_netstat_TcpExt_TCPTimeouts", "{timeout}"),
  established: z.optional(gauge({
    unit: "{connection}",
    help: "Connections established or waiting to be closed by this side.",
    prometheus: "node_netstat_Tcp_CurrEstab",
  })),
});

/** Data of a `udp` envelope: counters of the host's UDP (RFC 4113), IPv4. */
export const udp = z.object({
  datagrams_in: protocolCounter("Datagrams delivered.", "node_netstat_Udp_InDatagrams", "{datagram}"),
  datagrams_out: protocolCounter("Datagrams sent.", "node_netstat_Udp_OutDatagrams", "{datagram}"),
  no_ports: protocolCounter(
    "Datagrams for a port where nobody listens.",
    "node_netstat_Udp_NoPorts",
    "{datagram}",
  ),
  in_errors: protocolCounter(
    "Datagrams that could not be delivered.",
    "node_netstat_Udp_InErrors",
    "{datagram}",
  ),
  receive_buffer_errors: protocolCounter(
    "Datagrams dropped because a receive buffer was full.",
    "node_netstat_Udp_RcvbufErrors",
    "{datagram}",
  ),
  send_buffer_errors: protocolCounter(
    "Datagrams dropped because a send buffer was full.",
    "node_netstat_Udp_SndbufErrors",
    "{datagram}",
  ),
});

const sockets_ = (help: string, prometheus: string, otel?: string) =>
  z.optional(gauge({ unit: "{socket}", help, prometheus, ...(otel === undefined ? {} : { otel }) }));
const tcpState = (state: string, otelState: string) =>
  sockets_(
    `TCP sockets (IPv4 and IPv6) in state ${state}.`,
    `node_tcp_connection_states{state="${state}"}`,
    `system.network.connection.count{network.connection.state=${otelState}}`,
  );

/** Data of a `sockets` envelope: how many sockets there are, TCP ones by state. */
export const sockets = z.object({
  sockets_used: sockets_("Sockets of all kinds.", "node_sockstat_sockets_used"),
  tcp_in_use: sockets_("TCP sockets in use, IPv4 and IPv6.", "node_sockstat_TCP_inuse"),
  tcp_orphaned: sockets_("TCP sockets that no process holds.", "node_sockstat_TCP_orphan"),
  udp_in_use: sockets_("UDP sockets in use, IPv4 and IPv6.", "node_sockstat_UDP_inuse"),
  tcp_memory_bytes: z.optional(gauge({
    unit: "By",
    help: "Memory held by TCP buffers.",
    prometheus: "node_sockstat_TCP_mem_bytes",
  })),
  established: tcpState("established", "established"),
  syn_sent: tcpState("syn_sent", "syn_sent"),
  syn_recv: tcpState("syn_recv", "syn_received"),
  fin_wait1: tcpState("fin_wait1", "fin_wait_1"),
  fin_wait2: tcpState("fin_wait2", "fin_wait_2"),
  time_wait: tcpState("time_wait", "time_wait"),
  close: tcpState("close", "closed"),
  close_wait: tcpState("close_wait", "close_wait"),
  last_ack: tcpState("last_ack", "last_ack"),
  listen: tcpState("listen", "listen"),
  closing: tcpState("closing", "closing"),
});
