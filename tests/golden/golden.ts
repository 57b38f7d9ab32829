/**
 * What the real program says of the hosts below `tests/fixtures/linux/`, without what differs from run to run and from machine to
 * machine. `tests/golden/<scenario>.json` and `.prom` hold what it is to say.
 */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { renderReadings } from "../../agent/exposition/exposition.ts";
import { type Envelope, parseEnvelope } from "../../protocol/envelope.ts";
import { run } from "../cli/run.ts";

/** A server, a laptop, a Raspberry Pi, an old kernel, two views from inside a container, and a host whose files are broken. */
export const scenarios = [
  "debian_64_cores",
  "firecracker_vm",
  "laptop_luks",
  "raspberry_pi_16k",
  "centos_7_3_10",
  "lxc_container",
  "docker_container",
  "malformed",
] as const;

/** What stands in a scenario's golden files, by the ending of the file. */
export type Golden = Readonly<Record<"json" | "prom", string>>;

const fixtures = fileURLToPath(new URL("../fixtures/linux", import.meta.url));

/** Sizes of file systems are those of the disk that the checkout is on, even with the fixture's mount table. */
const machineFields = /^(disk_(total|used|available|used_pct)|inodes_(total|used|pct))$/;

/** Path of a golden file. */
export function goldenPath(scenario: string, ending: keyof Golden): string {
  return fileURLToPath(new URL(`${scenario}.${ending}`, import.meta.url));
}

/** Runs `spectra collect --json` on a scenario, and writes the same for Prometheus. */
export async function produce(scenario: string): Promise<Golden> {
  const root = `${fixtures}/${scenario}`;
  const trees = ["--procfs", `${root}/proc`, "--sysfs", `${root}/sys`, "--rootfs", `${root}/root`];
  const { code, stdout, stderr } = await run(["collect", "--json", "--hostname", "golden", ...trees]);
  assert.ok(code === 0 || code === 1, stderr);
  const envelopes: Envelope[] = JSON.parse(stdout, normalise).map((value: unknown) => {
    const verdict = parseEnvelope(value);
    assert.ok(verdict.ok, JSON.stringify(verdict));
    return verdict.envelope;
  });
  const problems = stderr.replaceAll(root, "").trimEnd().split("\n").filter((line) => line !== "");
  const reading = { collector: "all", outcome: "ok", measurements: envelopes, ageMs: 0 } as const;
  return {
    json: JSON.stringify({ envelopes, problems }, null, 2) + "\n",
    prom: renderReadings([reading], { hostname: "golden", epochMs: 0 }, "prometheus"),
  };
}

function normalise(key: string, value: unknown): unknown {
  if (key === "timestamp") return "2026-01-01T00:00:00.000Z";
  return machineFields.test(key) ? 0 : value;
}
