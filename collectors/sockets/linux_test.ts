import assert from "node:assert/strict";
import * as z from "zod/mini";
import { sockets, tcp, udp } from "../../protocol/metrics/network.ts";
import { fixtureHost, temporaryHost } from "../../tests/support/fixture_host.ts";
import type { Host } from "../collector.ts";
import { linuxSockets } from "./linux.ts";

const measurements = z.tuple([
  z.object({ type: z.literal("tcp"), data: tcp }),
  z.object({ type: z.literal("udp"), data: udp }),
  z.object({ type: z.literal("sockets"), data: sockets }),
]);

function read(host: Host) {
  const collector = linuxSockets(host);
  try {
    const [tcpMeasurement, udpMeasurement, socketsMeasurement] = z.parse(measurements, collector.collect());
    return { tcp: tcpMeasurement.data, udp: udpMeasurement.data, sockets: socketsMeasurement.data };
  } finally {
    collector.close?.();
  }
}

Deno.test("linuxSockets finds every TCP and UDP counter by its name", () => {
  const data = read(fixtureHost("many_interfaces"));
  assert.deepEqual(data.tcp, {
    active_opens: 918_231,
    passive_opens: 772_311,
    attempt_fails: 20_031,
    established_resets: 1208,
    established: 1841,
    segments_in: 99_120_331,
    segments_out: 120_993_311,
    segments_retransmitted: 88_123,
    in_errors: 12,
    resets_out: 40_110,
    listen_overflows: 17,
    listen_drops: 19,
    timeouts: 40_213,
    syn_retransmitted: 2231,
  });
  assert.deepEqual(data.udp, {
    datagrams_in: 8_812_331,
    no_ports: 2210,
    in_errors: 91,
    datagrams_out: 9_120_331,
    receive_buffer_errors: 80,
    send_buffer_errors: 3,
  });
});

Deno.test("linuxSockets counts sockets of IPv4 and IPv6 together, by state from the text tables of a captured tree", () => {
  assert.deepEqual(read(fixtureHost("many_interfaces")).sockets, {
    sockets_used: 2980,
    tcp_in_use: 1841,
    tcp_orphaned: 3,
    udp_in_use: 56,
    established: 6,
    syn_sent: 1,
    syn_recv: 3,
    fin_wait1: 1,
    fin_wait2: 1,
    time_wait: 7,
    close: 1,
    close_wait: 3,
    last_ack: 1,
    listen: 6,
    closing: 1,
  });
});

Deno.test("linuxSockets reads a captured machine", () => {
  const data = read(fixtureHost("firecracker_vm"));
  assert.equal(data.sockets.listen, 1);
  assert.equal(data.sockets.time_wait, 33);
  assert.equal(Object.keys(data.tcp).length, Object.keys(tcp.shape).length);
  assert.equal(Object.keys(data.udp).length, Object.keys(udp.shape).length);
});

const whole = {
  "proc/1/net/snmp": "Tcp: ActiveOpens InSegs MaxConn\nTcp: 1 2 -1\nUdp: InDatagrams\nUdp: 3\n",
  "proc/1/net/netstat": "TcpExt: ListenDrops\nTcpExt: 4\n",
  "proc/1/net/sockstat": "sockets: used 5\nTCP: inuse 6 orphan 0 tw 0 alloc 6 mem 2\nUDP: inuse 7 mem 0\n",
  "proc/1/net/tcp":
    "  sl  local_address rem_address   st\n   0: 00000000:07E8 00000000:0000 0A 00000000:00000000\n",
};

Deno.test("linuxSockets does without IPv6 and without counters that the kernel does not have", () => {
  using temporary = temporaryHost(whole);
  const data = read(temporary.host);
  assert.deepEqual(data.tcp, { active_opens: 1, segments_in: 2, listen_drops: 4 });
  assert.deepEqual(data.udp, { datagrams_in: 3 });
  assert.equal(data.sockets.tcp_in_use, 6);
  assert.equal(data.sockets.listen, 1);
  assert.equal(data.sockets.tcp_memory_bytes, undefined);
});

Deno.test("linuxSockets gives TCP's memory in bytes when the page size is known", () => {
  using temporary = temporaryHost(whole);
  const auxv = new DataView(new ArrayBuffer(32));
  auxv.setBigUint64(0, 6n, true);
  auxv.setBigUint64(8, 16_384n, true);
  temporary.write("proc/self/auxv", new Uint8Array(auxv.buffer));
  assert.equal(read(temporary.host).sockets.tcp_memory_bytes, 32_768);
});

const broken: readonly [
  what: string,
  file: keyof typeof whole,
  contents: string | undefined,
  message: RegExp,
][] = [
  ["snmp is missing", "proc/1/net/snmp", undefined, /Cannot read .*net\/snmp/],
  [
    "snmp has no TCP",
    "proc/1/net/snmp",
    "Ip: A\nIp: 1\n",
    /Cannot parse .*net\/snmp: it has no pair of lines "Tcp:"/,
  ],
  ["snmp ends after the names", "proc/1/net/snmp", "Tcp: InSegs\n", /it has no pair of lines "Tcp:"/],
  [
    "snmp has too few values",
    "proc/1/net/snmp",
    "Tcp: InSegs OutSegs\nTcp: 1\nUdp: A\nUdp: 1\n",
    /more names than values/,
  ],
  ["snmp is cut off", "proc/1/net/snmp", "Tcp: InSegs\nTcp: 1", /net\/snmp: its last line is cut off/],
  ["netstat is empty", "proc/1/net/netstat", "", /Cannot parse .*net\/netstat: it is empty/],
  [
    "sockstat lacks a number",
    "proc/1/net/sockstat",
    "sockets: used 5\n",
    /net\/sockstat: it has no number "inuse" of "TCP"/,
  ],
  ["tcp is malformed", "proc/1/net/tcp", "heading\n 0: a b XY z\n", /net\/tcp: a line has no state/],
  ["tcp has a short line", "proc/1/net/tcp", "heading\n 0: a\n", /net\/tcp: a line has no state/],
];
for (const [what, file, contents, message] of broken) {
  Deno.test(`linuxSockets fails naming the file when ${what}`, () => {
    using temporary = temporaryHost(whole);
    if (contents === undefined) temporary.remove(file);
    else temporary.write(file, contents);
    const collector = linuxSockets(temporary.host);
    assert.throws(() => collector.collect(), message);
    collector.close?.();
  });
}
