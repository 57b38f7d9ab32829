/** Makes the configured checks, each at its pace, and keeps their latest outcomes. */
import { withDeadline } from "../../lib/clock.ts";
import type { MetricData } from "../../protocol/metrics/mod.ts";
import type { Collector, Host } from "../collector.ts";
import { dueJobs } from "../due_jobs.ts";
import { requestFailure } from "../request_failure.ts";
import { checkDns } from "./dns.ts";
import { checkHttp } from "./http.ts";
import { checkIcmp } from "./icmp.ts";
import type { CheckContext, CheckOutcome } from "./outcome.ts";
import type { CheckSettings, CheckTarget } from "./settings.ts";
import { checkTcp } from "./tcp.ts";

type Check = MetricData<"check_list">["checks"][number];

const concurrent = 8;
/** How long a reading waits for checks; the collector's deadline is beyond it. */
const waitMs = 10_000;

/** Makes one check. It may reject, and may go on when its signal is aborted. */
export type RunCheck = (target: CheckTarget, context: CheckContext) => Promise<CheckOutcome>;

/** `check_list`: the latest outcome of each check that has been made. */
export function checksCollector(host: Host, { targets }: CheckSettings, run: RunCheck = runCheck): Collector {
  const { clock } = host;
  const latest = new Map<string, Check>();

  async function check(target: CheckTarget): Promise<void> {
    const outcome = await bounded(target, host, run);
    const failures = latest.get(target.name)?.consecutive_failures ?? 0;
    latest.set(target.name, {
      ...elementOf(target, outcome),
      consecutive_failures: outcome.ok === undefined ? failures : outcome.ok ? 0 : failures + 1,
      checked_at: Math.round(clock.now() / 1_000),
    });
  }

  const read = dueJobs(
    clock,
    targets.map((target) => ({ intervalMs: target.interval_seconds * 1_000, run: () => check(target) })),
    { concurrent, waitMs },
  );
  return {
    async collect() {
      await read();
      const checks = targets.flatMap(({ name }) => latest.get(name) ?? []);
      return [{
        type: "check_list",
        data: { checks, failing: checks.filter(({ ok }) => ok === false).length },
      }];
    },
  };
}

/** The outcome within the target's time, whatever the check does. */
async function bounded(target: CheckTarget, { clock }: Host, run: RunCheck): Promise<CheckOutcome> {
  const late = new Error(`no answer within ${target.timeout_seconds} s`);
  const timeoutMs = target.timeout_seconds * 1_000;
  const deadline = new AbortController();
  const cancel = clock.after(timeoutMs, () => deadline.abort(late));
  try {
    const work = run(target, { clock, signal: deadline.signal });
    // What does not obey the signal (a name that is being resolved) is left behind a moment later.
    return await withDeadline(clock, timeoutMs + 100, "The check", work);
  } catch (error) {
    return { ok: false, detail: deadline.signal.aborted ? late.message : requestFailure(error) };
  } finally {
    cancel();
  }
}

function runCheck(target: CheckTarget, context: CheckContext): Promise<CheckOutcome> {
  switch (target.kind) {
    case "tcp":
      return checkTcp(target, context);
    case "http":
      return checkHttp(target, context);
    case "dns":
      return checkDns(target, context);
    case "icmp":
      return checkIcmp(target, context);
  }
}

function elementOf(target: CheckTarget, outcome: CheckOutcome): Check {
  const { ok, detail, latencyMs, statusCode, certificateDaysLeft, lossPercent } = outcome;
  return {
    name: target.name,
    kind: target.kind,
    target: describe(target),
    ...(ok === undefined ? {} : { ok }),
    detail: detail.slice(0, 4_096),
    ...(latencyMs === undefined ? {} : { latency_ms: Math.round(latencyMs * 1_000) / 1_000 }),
    ...(statusCode === undefined ? {} : { status_code: statusCode }),
    ...(certificateDaysLeft === undefined ? {} : { certificate_days_left: certificateDaysLeft }),
    ...(lossPercent === undefined ? {} : { loss_percent: lossPercent }),
  };
}

/** What is checked, in one text. The query of a URL is left out: it may hold a secret. */
function describe(target: CheckTarget): string {
  switch (target.kind) {
    case "tcp":
      return target.host.includes(":") ? `[${target.host}]:${target.port}` : `${target.host}:${target.port}`;
    case "http": {
      const { origin, pathname } = new URL(target.url);
      return `${origin}${pathname}`;
    }
    case "dns":
      return `${target.query} ${target.record}`;
    case "icmp":
      return target.host;
  }
}
