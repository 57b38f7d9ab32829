/** The list of units from `systemctl`, where systemd can't be asked over D-Bus: names and states, no figures. */
import * as z from "zod/mini";
import type { Clock } from "../../lib/clock.ts";
import { sanitise } from "../../lib/text.ts";
import { runVendorCommand } from "../vendor_command.ts";
import type { Unit } from "./unit.ts";

/** What `--output=json` prints (systemd 246 and later). */
const listing = z.array(z.object({
  unit: z.string(),
  load: z.string(),
  active: z.string(),
  sub: z.string(),
  description: z.string(),
}));

/**
 * Parses the output of `systemctl list-units --output=json`.
 *
 * @throws When it is anything else.
 */
export function parseListing(output: string): Unit[] {
  let parsed: z.infer<typeof listing>;
  try {
    parsed = z.parse(listing, JSON.parse(output));
  } catch (cause) {
    throw new Error("systemctl printed no list of units as JSON: that needs systemd 246 or later", { cause });
  }
  return parsed.map(({ unit, load, active, sub, description }) => ({
    name: unit,
    description,
    loadState: load,
    activeState: active,
    subState: sub,
  }));
}

/** It asks systemd too, and waits for up to 90 s. */
const deadlineMs = 5_000;

/**
 * Lists the units of `types`.
 *
 * @throws When `systemctl` is absent, fails, or prints something else.
 */
export async function listBySystemctl(types: readonly string[], clock: Clock): Promise<Unit[]> {
  const outcome = await runVendorCommand(
    ["systemctl", "list-units", `--type=${types.join(",")}`, "--all", "--no-pager", "--output=json"],
    clock,
    { deadlineMs },
  );
  if (outcome.status === "absent") throw new Error("There is no systemctl");
  if (outcome.status === "killed") throw new Error(outcome.reason);
  if (outcome.code !== 0) {
    throw new Error(`systemctl failed with code ${outcome.code}: ${sanitise(outcome.stderr.trim(), 300)}`);
  }
  return parseListing(outcome.stdout);
}
