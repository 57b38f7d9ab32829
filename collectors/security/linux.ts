/**
 * Reads what happened to the security of a Linux host: logins from its logs, accounts and programs by comparing them with what they
 * were. Positions and what was compared with are kept as the logs' are: when the next collection begins.
 */
import * as z from "zod/mini";
import { timestampOf } from "../../lib/clock.ts";
import { sanitise } from "../../lib/text.ts";
import type { MetricData } from "../../protocol/metrics/mod.ts";
import type { SecurityKind } from "../../protocol/metrics/security.ts";
import type { Collector, Host } from "../collector.ts";
import { positionsSchema } from "../log_follower/positions.ts";
import { rounds } from "../log_follower/rounds.ts";
import { stateFile } from "../state_file.ts";
import { changesOf, type Facts, readAccounts, readSetuid } from "./accounts.ts";
import type { Finding } from "./event.ts";
import { openLoginSource } from "./login_source.ts";
import { type BruteForceSettings, loginsOf } from "./logins.ts";

type SecurityEvent = MetricData<"security_event_list">["events"][number];

const facts = z.array(z.string());
const stateSchema = z.object({
  positions: positionsSchema,
  accounts: z.optional(facts),
  setuid: z.optional(z.object({ checkedMs: z.number(), programs: facts })),
});
type State = z.infer<typeof stateSchema>;

const accountsEveryMs = 60_000;
const setuidEveryMs = 24 * 3_600_000;
/** Events of one collection; more are counted only. */
const maxEvents = 500;

/** `security_counts` and `security_event_list`. */
export function linuxSecurity(host: Host, { brute_force }: { brute_force: BruteForceSettings }): Collector {
  const { clock, fs } = host;
  const state = stateFile(host.stateDirectory, "security", stateSchema);
  const saved = state.load();
  const counts = new Map<SecurityKind, number>();
  let suppressed = 0;
  let waiting = new Map<string, SecurityEvent>();
  const logins = openLoginSource(host, loginsOf(brute_force), saved?.positions, take);
  const { run } = rounds(clock, "the security log and accounts");
  let accounts: Facts | undefined = saved?.accounts;
  let accountsDueMs = -Infinity;
  let setuid = saved?.setuid;
  let unreadable: readonly string[] = [];
  let returned: State | undefined;

  function take(findings: readonly Finding[]): void {
    for (const { kind, timestampMs, user, source, service, count = 1, detail } of findings) {
      counts.set(kind, (counts.get(kind) ?? 0) + count);
      const key = [kind, user, source, service, detail].join("\0");
      const same = waiting.get(key);
      if (same !== undefined) same.count += count;
      else if (waiting.size >= maxEvents) suppressed += count;
      else {
        waiting.set(key, {
          kind,
          timestamp: timestampOf(timestampMs > 0 && timestampMs < 4e12 ? timestampMs : clock.now()),
          count,
          ...bounded("user", user),
          ...bounded("source", source),
          ...bounded("service", service),
          ...bounded("detail", detail),
        });
      }
    }
  }

  async function compareAccounts(): Promise<void> {
    if (clock.monotonicMs() < accountsDueMs) return;
    const problems: string[] = [];
    const now = await readAccounts(fs.root, problems);
    unreadable = problems;
    if (now !== undefined && accounts !== undefined) take(changesOf(accounts, now, clock.now()));
    accounts = now ?? accounts;
    accountsDueMs = clock.monotonicMs() + accountsEveryMs;
  }

  async function compareSetuid(): Promise<void> {
    const sinceMs = setuid === undefined ? Infinity : clock.now() - setuid.checkedMs;
    if (sinceMs >= 0 && sinceMs < setuidEveryMs) return;
    const programs = await readSetuid(fs.root);
    if (setuid !== undefined) take(changesOf(setuid.programs, programs, clock.now()));
    setuid = { checkedMs: clock.now(), programs: [...programs] };
  }

  function countsNow(): MetricData<"security_counts"> {
    const data: MetricData<"security_counts"> = { login_accepted: 0, login_failed: 0, suppressed };
    for (const [kind, count] of counts) data[kind] = count;
    const problem = logins?.problem() ??
      (unreadable.length === 0
        ? undefined
        : `May not read ${unreadable.slice(0, 5).join(", ")}: run as root`);
    if (logins !== undefined) {
      Object.assign(data, { lag_bytes: logins.lagBytes(), login_source: logins.name });
    }
    if (problem !== undefined) data.problem = problem.slice(0, 4_096);
    return data;
  }

  return {
    async collect() {
      const handedOver = returned;
      await run(async () => {
        if (handedOver !== undefined) await state.save(handedOver);
        await logins?.read();
        await compareAccounts();
        await compareSetuid();
      });
      // From here to the end nothing waits: what is returned and where it ends belong together.
      logins?.flush();
      const events = [...waiting.values()];
      waiting = new Map();
      returned = {
        positions: logins?.positions() ?? { files: {} },
        ...(accounts === undefined ? {} : { accounts: [...accounts] }),
        ...(setuid === undefined ? {} : { setuid }),
      };
      const measured = { type: "security_counts" as const, data: countsNow() };
      return events.length === 0 ? [measured] : [measured, { type: "security_event_list", data: { events } }];
    },
    close() {
      logins?.close();
      if (returned !== undefined) state.saveNow(returned);
    },
  };
}

const maxText = { user: 256, source: 256, service: 256, detail: 1_024 } as const;

/** A harmless field of an event, when there is something in it. */
function bounded<Name extends keyof typeof maxText>(name: Name, value: string | undefined) {
  const fields: { [Key in Name]?: string } = {};
  if (value !== undefined && value !== "") {
    fields[name] = sanitise(value, maxText[name]).slice(0, maxText[name]).toWellFormed();
  }
  return fields;
}
