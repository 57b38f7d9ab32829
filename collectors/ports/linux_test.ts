import assert from "node:assert/strict";
import * as z from "zod/mini";
import { portList } from "../../protocol/metrics/ports.ts";
import { fakeClock } from "../../tests/support/fake_clock.ts";
import { fixtureHost, type TemporaryHost, temporaryHost } from "../../tests/support/fixture_host.ts";
import type { Collector, Host } from "../collector.ts";
import { portSettings } from "./expectations.ts";
import { linuxPorts } from "./linux.ts";
import { ownersReader } from "./owners.ts";

const list = z.tuple([z.object({ type: z.literal("port_list"), data: portList })]);
const noRules = z.parse(portSettings, {});

async function readOnce(collector: Collector) {
  return z.parse(list, await collector.collect())[0].data;
}

async function read(host: Host, settings = noRules) {
  const collector = linuxPorts(host, settings);
  try {
    return await readOnce(collector);
  } finally {
    collector.close?.();
  }
}

const heading = "  sl  local_address\n";
const socket = (local: string, state: string, inode: number) =>
  `   0: ${local} 00000000:0000 ${state} 00000000:00000001 00:00000000 00000000     0        0 ${inode} 1\n`;
const tables = {
  "proc/1/net/tcp": heading + socket("00000000:01BB", "0A", 11) + socket("00000000:01BB", "0A", 12) +
    socket("0100007F:0016", "0A", 13),
  "proc/1/net/udp": heading + socket("00000000:0035", "07", 14),
};

function addProcess(host: TemporaryHost, pid: number, name: string, links: readonly string[]): void {
  host.write(`proc/${pid}/comm`, `${name}\n`);
  host.write(`proc/${pid}/cgroup`, `0::/system.slice/${name}.service\n`);
  const folder = host.host.fs.proc(`${pid}/fd`);
  Deno.mkdirSync(folder, { recursive: true });
  links.forEach((link, index) => Deno.symlinkSync(link, `${folder}/${index}`));
}

Deno.test("linuxPorts joins the sockets of one port, and names process and unit", async () => {
  using temporary = temporaryHost(tables);
  addProcess(temporary, 1, "systemd", ["socket:[11]", "socket:[13]"]);
  addProcess(temporary, 700, "nginx", ["/dev/null", "socket:[11]", "socket:[12]"]);
  const { ports, violations } = await read(temporary.host);
  assert.equal(violations, undefined);
  assert.deepEqual(ports, [
    {
      protocol: "tcp",
      address: "127.0.0.1",
      port: 22,
      listening: true,
      process: "systemd",
      pid: 1,
      unit: "systemd.service",
      uid: 0,
      sockets: 1,
      accept_queue: 1,
    },
    {
      protocol: "udp",
      address: "0.0.0.0",
      port: 53,
      listening: true,
      uid: 0,
      sockets: 1,
      receive_queue_bytes: 1,
      send_queue_bytes: 0,
    },
    {
      protocol: "tcp",
      address: "0.0.0.0",
      port: 443,
      listening: true,
      process: "nginx",
      pid: 700,
      unit: "nginx.service",
      uid: 0,
      sockets: 2,
      accept_queue: 2,
    },
  ]);
});

Deno.test("linuxPorts judges by its rules", async () => {
  using temporary = temporaryHost(tables);
  const settings = z.parse(portSettings, { expect: [{ port: 25 }], only_expected_on_all_addresses: true });
  const { ports, violations } = await read(temporary.host, settings);
  assert.equal(violations, 3);
  assert.deepEqual(ports.filter(({ listening }) => !listening).map(({ port }) => port), [25]);
});

Deno.test("linuxPorts reads a captured machine", async () => {
  const { ports, note } = await read(fixtureHost("firecracker_vm"));
  assert.deepEqual(ports.map(({ protocol, address, port }) => `${protocol} ${address} ${port}`), [
    "tcp 0.0.0.0 2024",
    "udp 127.0.0.1 5353",
    "udp ::1 5353",
  ]);
  assert.equal(note, undefined);
});

Deno.test("ownersReader looks again when a socket changes hands, and after a while for one without owner", async () => {
  const clock = fakeClock();
  using temporary = temporaryHost({}, clock);
  addProcess(temporary, 20, "first", ["socket:[5]"]);
  const owners = ownersReader(temporary.host, true);
  const pids = async () => [...(await owners([5, 6, 0])).byInode].map(([inode, { pid }]) => [inode, pid]);
  assert.deepEqual(await pids(), [[5, 20]]);
  addProcess(temporary, 30, "second", ["socket:[5]", "socket:[6]"]);
  temporary.remove("proc/20");
  assert.deepEqual(await pids(), [[5, 30]], "6 was looked for a moment ago");
  await clock.advance(600_000);
  assert.deepEqual(await pids(), [[5, 30], [6, 30]]);
});

Deno.test("ownersReader says that it is incomplete where it may not see others' processes", async () => {
  using temporary = temporaryHost();
  addProcess(temporary, 20, "mine", ["socket:[5]"]);
  assert.equal((await ownersReader(temporary.host, false)([5])).incomplete, false);
  assert.equal((await ownersReader(temporary.host, false)([5, 6])).incomplete, true);
  assert.equal(
    (await ownersReader(temporary.host, true)([5, 6])).incomplete,
    false,
    "a socket of the kernel's",
  );
});

for (
  const [what, file, contents, message] of [
    ["tcp is missing", "proc/1/net/tcp", undefined, /Cannot read .*net\/tcp/],
    ["udp is malformed", "proc/1/net/udp", "heading\n 0: a b\n", /Cannot parse .*net\/udp: a line does not/],
  ] as const
) {
  Deno.test(`linuxPorts fails naming the file when ${what}`, async () => {
    using temporary = temporaryHost(tables);
    if (contents === undefined) temporary.remove(file);
    else temporary.write(file, contents);
    await assert.rejects(read(temporary.host), message);
  });
}
