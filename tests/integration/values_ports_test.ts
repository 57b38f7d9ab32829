/** This machine's listening sockets, against what `ss` says of them at the same moment. */
import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import * as z from "zod/mini";
import type { Host } from "../../collectors/collector.ts";
import { portSettings } from "../../collectors/ports/expectations.ts";
import { linuxPorts } from "../../collectors/ports/linux.ts";
import { listeningSockets } from "../../ffi/listening_sockets.ts";
import { systemClock } from "../../lib/clock.ts";
import { hostFs } from "../../lib/host_fs.ts";
import { portList } from "../../protocol/metrics/ports.ts";
import { componentTest, findExecutable } from "../support/component.ts";

const host: Host = { os: Deno.build.os, fs: hostFs(), clock: systemClock };
if (host.os === "linux") listeningSockets(); // Loads the C library outside of the tests, which look for leaks.
const list = z.tuple([z.object({ type: z.literal("port_list"), data: portList })]);

async function read(ask?: () => never) {
  const collector = linuxPorts(host, z.parse(portSettings, {}), ask);
  try {
    return z.parse(list, await collector.collect())[0].data;
  } finally {
    collector.close?.();
  }
}

/** Lines of `ss -H -ltnup` as `tcp 127.0.0.1 443 deno 17`, scopes and the star for both families taken out. */
function parseSs(output: string): string[] {
  return output.trimEnd().split("\n").map((line) => {
    const [protocol, , , , local = ""] = line.trim().split(/\s+/);
    const [, address = "", port] = /^(.*):(\d+)$/.exec(local) ?? [];
    const [, process, pid] = /users:\(\("([^"]*)",pid=(\d+)/.exec(line) ?? [];
    const plain = address.replace(/%.*$/, "").replace(/^\[(.*)\]$/, "$1").replace("*", "::");
    return [protocol, plain, port, process, pid].join(" ");
  });
}

componentTest(
  "ss",
  host.os === "linux" ? findExecutable("ss") : undefined,
  "ports agree with ss at the same moment, read over netlink and from text",
  async (ss) => {
    using tcp = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    using all = Deno.listen({ hostname: "::", port: 0 });
    const udp = createSocket("udp4");
    await new Promise<void>((resolve) => udp.bind(0, "127.0.0.1", resolve));
    try {
      const refuse = () => {
        throw new Error("no netlink");
      };
      for (const data of [await read(), await read(refuse)]) {
        const { stdout, success } = await new Deno.Command(ss, { args: ["-H", "-ltnup"] }).output();
        assert.ok(success);
        const expected = parseSs(new TextDecoder().decode(stdout));
        const found = data.ports.map(({ protocol, address, port, process, pid }) =>
          [protocol, address, port, process, pid].join(" ")
        );
        for (const port of [tcp.addr.port, all.addr.port, udp.address().port]) {
          const mine = (lines: string[]) => lines.filter((line) => line.split(" ")[2] === String(port));
          assert.equal(mine(expected).length, 1, expected.join("\n"));
          assert.deepEqual(mine(found), mine(expected));
        }
        // Other programs begin and end meanwhile.
        const missing = expected.filter((line) => !found.includes(line));
        assert.ok(
          missing.length <= 1 + expected.length * 0.2,
          `${missing.join("\n")} not in ${found.join("\n")}`,
        );
      }
    } finally {
      await new Promise<void>((resolve) => udp.close(() => resolve()));
    }
  },
);
