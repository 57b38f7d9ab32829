/** This machine's file systems, interfaces and sockets, against what `df`, `ip` and `ss` say of them at the same moment. */
import assert from "node:assert/strict";
import * as z from "zod/mini";
import type { Host } from "../../collectors/collector.ts";
import { linuxDisk } from "../../collectors/disk/linux.ts";
import { linuxNetwork } from "../../collectors/network/linux.ts";
import { linuxSockets } from "../../collectors/sockets/linux.ts";
import { statvfs } from "../../ffi/libc.ts";
import { systemClock } from "../../lib/clock.ts";
import { hostFs } from "../../lib/host_fs.ts";
import { diskList } from "../../protocol/metrics/disk.ts";
import { networkList, sockets } from "../../protocol/metrics/network.ts";
import type { MetricData } from "../../protocol/metrics/mod.ts";
import { componentTest, findExecutable } from "../support/component.ts";

const host: Host = { os: Deno.build.os, fs: hostFs(), clock: systemClock };
if (host.os === "linux") await statvfs("/"); // Loads the C library outside of the tests, which look for leaks.
const onLinux = (name: string) => host.os === "linux" ? findExecutable(name) : undefined;

async function run(path: string, ...args: string[]): Promise<string> {
  const { success, stdout } = await new Deno.Command(path, { args, env: { LC_ALL: "C" } }).output();
  assert.ok(success, `${path} ${args.join(" ")} failed`);
  return new TextDecoder().decode(stdout);
}

componentTest("df", onLinux("df"), "disk agrees with df at the same moment", async (df) => {
  const collector = linuxDisk(host, { cache_seconds: 0 });
  try {
    const list = z.tuple([z.object({ type: z.literal("disk_list"), data: diskList })]);
    const [{ data }] = z.parse(list, await collector.collect());
    assert.ok(data.disks.length > 0, "no disk was found");
    for (const disk of data.disks) await compareWithDf(df, disk);
  } finally {
    collector.close?.();
  }
});

async function compareWithDf(df: string, disk: MetricData<"disk">): Promise<void> {
  const columns = "source,fstype,size,used,avail,pcent,itotal,iused,target";
  const output = await run(df, "-B1", `--output=${columns}`, disk.mountpoint);
  const fields = output.trimEnd().split("\n")[1]?.split(/\s+/) ?? [];
  const [source, fstype, ...numbers] = fields;
  const [size = NaN, used = NaN, available = NaN, percent = NaN, inodes = NaN, inodesUsed = NaN] = numbers
    .map(
      (field) => parseInt(field, 10),
    );
  const what = `${disk.mountpoint}: ${JSON.stringify(disk)} against ${output}`;
  assert.equal(disk.device, source, what);
  assert.equal(disk.filesystem, fstype, what);
  assert.equal(disk.disk_total, size, what);
  assert.equal(disk.inodes_total, inodes > 0 ? inodes : undefined, what);
  // Other programs write meanwhile.
  const near = (one: number | undefined, other: number, tolerance: number) =>
    assert.ok(Math.abs((one ?? NaN) - other) <= tolerance, what);
  near(disk.disk_used, used, size * 0.005);
  near(disk.disk_available, available, size * 0.005);
  near(Math.ceil(disk.disk_used_pct ?? NaN), percent, 1); // df rounds up.
  if (inodes > 0) near(disk.inodes_used, inodesUsed, inodes * 0.01);
}

const link = z.object({
  ifname: z.string(),
  mtu: z.number(),
  operstate: z.string(),
  address: z.optional(z.string()),
  stats64: z.object({
    rx: z.object({ bytes: z.number(), packets: z.number(), errors: z.number(), multicast: z.number() }),
    tx: z.object({ bytes: z.number(), packets: z.number(), errors: z.number(), dropped: z.number() }),
  }),
});

componentTest("ip", onLinux("ip"), "network agrees with ip between two readings", async (ip) => {
  const collector = linuxNetwork(host);
  const list = z.tuple([z.object({ type: z.literal("network_list"), data: networkList })]);
  const read = () => z.parse(list, collector.collect())[0].data.interfaces;
  try {
    const before = read();
    const links = z.parse(z.array(link), JSON.parse(await run(ip, "-s", "-j", "link")));
    const after = read();
    assert.deepEqual(after.map((entry) => entry.interface), links.map((entry) => entry.ifname));
    for (const { ifname, mtu, operstate, address, stats64: { rx, tx } } of links) {
      const [first, last] = [before, after].map((entries) =>
        entries.find((entry) => entry.interface === ifname)
      );
      assert.ok(first !== undefined && last !== undefined, ifname);
      assert.equal(last.mtu, mtu, ifname);
      assert.equal(last.oper_state, operstate.toLowerCase(), ifname);
      if (last.mac_address !== undefined) assert.equal(last.mac_address, address, ifname);
      const counters = [
        ["rx_bytes", rx.bytes],
        ["rx_packets", rx.packets],
        ["rx_errors", rx.errors],
        ["rx_multicast", rx.multicast],
        ["tx_bytes", tx.bytes],
        ["tx_packets", tx.packets],
        ["tx_errors", tx.errors],
        ["tx_drops", tx.dropped],
      ] as const;
      for (const [field, value] of counters) {
        const [from = NaN, to = NaN] = [first[field], last[field]];
        assert.ok(from <= value && value <= to, `${ifname} ${field}: ${value} is not in ${from} … ${to}`);
      }
    }
    assert.equal(after.find((entry) => entry.interface === "lo")?.virtual, true);
    assert.ok(after.some((entry) => entry.virtual === false), "no interface counts");
  } finally {
    collector.close?.();
  }
});

componentTest("ss", onLinux("ss"), "sockets agree with ss at the same moment", async (ss) => {
  const collector = linuxSockets(host);
  try {
    const listed = (await run(ss, "-H", "-t", "-a", "-n")).trimEnd().split("\n");
    const measurements = await collector.collect();
    const data = z.parse(sockets, measurements.find(({ type }) => type === "sockets")?.data);
    const states = [["LISTEN", data.listen], ["ESTAB", data.established], [
      "TIME-WAIT",
      data.time_wait,
    ]] as const;
    for (const [state, count] of states) {
      const expected = listed.filter((line) => line.startsWith(`${state} `)).length;
      // Other programs open and close theirs meanwhile.
      const tolerance = 20 + expected * 0.2;
      assert.ok(Math.abs((count ?? NaN) - expected) <= tolerance, `${state}: ${count} against ${expected}`);
    }
  } finally {
    collector.close?.();
  }
});
