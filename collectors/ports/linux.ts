/** Reads the listening sockets of a Linux host: from the kernel over netlink where it may be asked, else from its tables as text. */
import { type ListeningSocket, listeningSockets } from "../../ffi/listening_sockets.ts";
import { logger } from "../../lib/log.ts";
import { limits } from "../../protocol/limits.ts";
import type { MetricData } from "../../protocol/metrics/mod.ts";
import type { Collector, Host } from "../collector.ts";
import { hostFile, optionalHostFile } from "../host_file.ts";
import { isOwnNetwork } from "../own_network.ts";
import { judgePorts, type PortSettings } from "./expectations.ts";
import { type Owner, ownersReader } from "./owners.ts";
import { parseSocketTable } from "./socket_table.ts";

const log = logger("collectors", "ports");

type Port = MetricData<"port_list">["ports"][number];

const incompleteNote =
  "The processes behind some sockets can't be seen: run the agent as root, or grant it CAP_SYS_PTRACE and " +
  "CAP_DAC_READ_SEARCH";

/** `port_list` of the network namespace of the host's first process. `ask` asks the kernel. */
export function linuxPorts(host: Host, settings: PortSettings, ask = listeningSockets): Collector {
  const tables = [
    { protocol: "tcp", file: hostFile(host.fs.procInit("net/tcp")) },
    { protocol: "udp", file: optionalHostFile(host.fs.procInit("net/udp"), host.clock) },
    { protocol: "tcp", file: optionalHostFile(host.fs.procInit("net/tcp6"), host.clock) }, // Absent where IPv6 is switched off.
    { protocol: "udp", file: optionalHostFile(host.fs.procInit("net/udp6"), host.clock) },
  ] as const;
  const owners = ownersReader(host);
  let mayAsk = isOwnNetwork(host);

  function read(): ListeningSocket[] {
    if (mayAsk) {
      try {
        return ask();
      } catch (error) {
        mayAsk = false;
        log.warning("Listening sockets are read from text from now on: {error}", { error });
      }
    }
    return tables.flatMap(({ protocol, file }) =>
      file.parse((bytes) => parseSocketTable(bytes, protocol)) ?? []
    );
  }

  return {
    async collect() {
      const sockets = read().slice(0, limits.listLength / 2); // Leaves room for what is expected and absent.
      const { byInode, incomplete } = await owners(sockets.map(({ inode }) => inode));
      const judged = judgePorts(portsOf(sockets, byInode), settings);
      return [{ type: "port_list", data: { ...judged, ...(incomplete ? { note: incompleteNote } : {}) } }];
    },
    close() {
      for (const { file } of tables) file.close();
    },
  };
}

/** One entry for each address and port: servers open several sockets on one (SO_REUSEPORT). */
function portsOf(sockets: readonly ListeningSocket[], owners: ReadonlyMap<number, Owner>): Port[] {
  const ports = new Map<string, Port>();
  for (const socket of sockets) {
    const key = `${socket.protocol} ${socket.address} ${socket.port}`;
    const before = ports.get(key);
    ports.set(
      key,
      before === undefined
        ? portOf(socket, owners.get(socket.inode))
        : merged(before, portOf(socket, undefined)),
    );
  }
  return [...ports.values()].sort((a, b) => a.port - b.port);
}

function portOf(socket: ListeningSocket, owner: Owner | undefined): Port {
  const { protocol, address, port, uid, receiveQueue, sendQueue } = socket;
  const [receiveField, sendField] = protocol === "tcp"
    ? ["accept_queue", "accept_queue_limit"] as const
    : ["receive_queue_bytes", "send_queue_bytes"] as const;
  return {
    protocol,
    address,
    port,
    listening: true,
    ...(owner?.name === undefined ? {} : { process: owner.name }),
    ...(owner === undefined ? {} : { pid: owner.pid }),
    ...(owner?.unit === undefined ? {} : { unit: owner.unit }),
    uid,
    sockets: 1,
    [receiveField]: receiveQueue,
    ...(sendQueue === undefined ? {} : { [sendField]: sendQueue }),
  };
}

const summed = [
  "sockets",
  "accept_queue",
  "accept_queue_limit",
  "receive_queue_bytes",
  "send_queue_bytes",
] as const;

function merged(port: Port, other: Port): Port {
  const sums: Partial<Port> = {};
  for (const field of summed) {
    const value = port[field];
    if (value !== undefined) sums[field] = value + (other[field] ?? 0);
  }
  return { ...port, ...sums };
}
