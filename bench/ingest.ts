/**
 * What taking in envelopes costs the server: processor seconds per 1,000 envelopes, of all its threads, with everything on
 * disk (a commit waits for the disk). Linux only: it reads `/proc`.
 *
 * `deno run -A bench/ingest.ts`
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzip } from "../transport/codec.ts";

const clockTicksPerSecond = 100; // USER_HZ, the same on every Linux
const agents = 8;

/** One tick of the collectors of a small server: 9 envelopes, as JSON. */
function tick(hostname: string, atMs: number, round: number): unknown[] {
  const noise = (index: number) => ((round * 7919 + index * 104_729) % 1000) / 10;
  const grown = (index: number) => round * 1_234_567 + index * 98_765;
  const list = <T>(length: number, make: (index: number) => T) =>
    Array.from({ length }, (_, index) => make(index));
  const timestamp = new Date(atMs).toISOString();
  const envelope = (type: string, data: unknown) => ({ type, timestamp, hostname, data });
  return [
    envelope("cpu", {
      usage: noise(0),
      cores: list(8, noise),
      load_1m: noise(1),
      load_5m: noise(2),
      load_15m: noise(3),
      user_seconds: grown(1),
      system_seconds: grown(2),
      idle_seconds: grown(3),
      iowait_seconds: grown(4),
      context_switches: grown(5),
      interrupts: grown(6),
    }),
    envelope("memory", {
      ram_total: 16e9,
      ram_used: 8e9 + round,
      ram_available: 8e9 - round,
      ram_used_pct: noise(4),
      swap_total: 2e9,
      swap_used: 1e6,
      swap_pct: noise(5),
    }),
    envelope("disk_list", {
      disks: list(4, (index) => ({
        device: `/dev/sda${index}`,
        mountpoint: `/mount/${index}`,
        filesystem: "ext4",
        disk_total: 1e12,
        disk_used: 5e11 + round,
        disk_available: 5e11 - round,
        disk_used_pct: noise(index),
        inodes_total: 6e7,
        inodes_used: 1e6 + round,
      })),
    }),
    envelope("disk_io_list", {
      devices: list(4, (index) => ({
        device: `sda${index}`,
        read_bytes: grown(index),
        write_bytes: grown(index + 1),
        read_ops: grown(index + 2),
        write_ops: grown(index + 3),
        io_time_ms: grown(index + 4),
      })),
    }),
    envelope("network_list", {
      interfaces: list(3, (index) => ({
        interface: `eth${index}`,
        rx_bytes: grown(index),
        tx_bytes: grown(index + 1),
        rx_packets: grown(index + 2),
        tx_packets: grown(index + 3),
        rx_errors: 0,
        tx_errors: 0,
      })),
    }),
    envelope("system", { uptime: round, processes: 300, users: 2, boot_time: 1_795_000_000, boot_id: "b" }),
    envelope("tcp", { segments_in: grown(1), segments_out: grown(2), segments_retransmitted: round }),
    envelope("sockets", { established: 40, time_wait: 3, listen: 20, sockets_used: 400 }),
    envelope("process_list", {
      processes: list(20, (index) => ({
        pid: 1000 + index,
        name: `process-${index}`,
        cpu_percent: noise(index),
        mem_percent: noise(index + 1),
        mem_rss: grown(index),
        status: "waiting",
        threads_total: index,
      })),
    }),
  ];
}

/** Batches of `envelopes` each. */
async function batchesOf(
  hostname: string,
  envelopes: number,
  count: number,
): Promise<Uint8Array<ArrayBuffer>[]> {
  const begin = Date.now() - 3_600_000;
  const waiting: unknown[] = [];
  const batches: Uint8Array<ArrayBuffer>[] = [];
  for (let round = 0; batches.length < count; round++) {
    waiting.push(...tick(hostname, begin + round * 5000, round));
    while (waiting.length >= envelopes && batches.length < count) {
      const json = JSON.stringify(waiting.splice(0, envelopes));
      batches.push(await gzip(new TextEncoder().encode(json)));
    }
  }
  return batches;
}

async function processorSeconds(pid: number): Promise<number> {
  const stat = await Deno.readTextFile(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / clockTicksPerSecond; // utime, stime: proc_pid_stat(5)
}

async function measure(url: string, pid: number, envelopes: number, batchesPerAgent: number): Promise<void> {
  const load = await Promise.all(
    Array.from({ length: agents }, async (_, index) => {
      const hostname = `host-${index}`;
      return { hostname, batches: await batchesOf(hostname, envelopes, batchesPerAgent) };
    }),
  );
  const before = await processorSeconds(pid);
  const begin = performance.now();
  const epoch = crypto.randomUUID();
  await Promise.all(load.map(async ({ hostname, batches }) => {
    for (const [index, body] of batches.entries()) {
      const response = await fetch(`${url}/api/v1/metrics?hostname=${hostname}`, {
        method: "POST",
        headers: { "content-encoding": "gzip", "spectra-batch": `${epoch}/${index + 1}` },
        body,
      });
      if (response.status !== 202) throw new Error(`${response.status}: ${await response.text()}`);
      await response.body?.cancel();
    }
  }));
  const seconds = (performance.now() - begin) / 1000;
  const total = envelopes * batchesPerAgent * agents;
  const cpu = await processorSeconds(pid) - before;
  console.log(
    `${envelopes} envelopes per batch: ${(cpu * 1000 / total).toFixed(4)} CPU-s per 1,000 envelopes ` +
      `(${total} envelopes, ${(total / seconds).toFixed(0)} per second, ${cpu.toFixed(2)} CPU-s)`,
  );
}

const folder = await Deno.makeTempDir({ prefix: "spectra-bench-" });
const server = new Deno.Command(Deno.execPath(), {
  args: ["run", "-A", fileURLToPath(new URL("../main.ts", import.meta.url)), "server"].concat([
    ...["--listen", "127.0.0.1:18089", "--data", join(folder, "data"), "--allow-anonymous-agents"],
  ]),
  stdout: "null",
  stderr: "inherit",
}).spawn();
try {
  const url = "http://127.0.0.1:18089";
  for (let ready = false; !ready;) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    ready = await fetch(`${url}/readyz`).then(async (response) => {
      await response.body?.cancel();
      return response.status === 200;
    }, () => false);
  }
  await measure(url, server.pid, 47, 30); // warm-up: code that has not run yet is compiled
  await measure(url, server.pid, 47, 100);
  await measure(url, server.pid, 9, 400);
} finally {
  server.kill("SIGTERM");
  await server.status;
  await Deno.remove(folder, { recursive: true });
}
