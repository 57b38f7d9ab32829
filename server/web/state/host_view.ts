/** What a host page works on: the host's details, its series, and the time span that is looked at. */
import { effect, type ReadonlySignal, signal } from "@preact/signals";
import type { HostDetail, LiveEventData, SeriesAnswer } from "../../../protocol/api.ts";
import { ask } from "./api.ts";
import { hostSeriesNames, recentSeriesNames } from "./host_series.ts";
import { serverNow } from "./server_clock.ts";
import { type SeriesStore, seriesStore } from "./series_store.ts";
import { noticeExpiry } from "./session.ts";
import { storedSignal } from "./stored_signal.ts";

/** The spans to choose from, in minutes. */
export const spans = ["5", "15", "60"] as const;

/** The span that charts show, in minutes. */
export const span = storedSignal<(typeof spans)[number]>("spectra.span", spans, "15");

/** Why something could not be shown. */
export interface ViewProblem {
  readonly status?: number;
  readonly detail: string;
}

/** A host that is looked at. */
export interface HostView {
  readonly agentId: string;
  /** The host's details, renewed every few seconds; `undefined` until they are known. */
  readonly detail: ReadonlySignal<HostDetail | undefined>;
  /** Why the details are absent or old. */
  readonly problem: ReadonlySignal<ViewProblem | undefined>;
  /** Where the history stands. */
  readonly history: ReadonlySignal<"loading" | "ready" | ViewProblem>;
  readonly store: SeriesStore;
  /** The newest rates of what comes and goes (processes, services, control groups); charts do not draw them. */
  readonly recent: SeriesStore;
  /** Counts the moments at which charts draw again. */
  readonly tick: ReadonlySignal<number>;
  /** The time span that is shown now, Unix milliseconds. */
  window(): { readonly fromMs: number; readonly toMs: number };
  /** Loads details and history anew. */
  reload(): void;
  /** Takes what the live feed brought. */
  samples(data: LiveEventData<"samples">): void;
  close(): void;
}

/** How often the details (what is not a number: states, names, outcomes) are renewed. */
const detailEveryMs = 10_000;

/** How old the newest rate of something may be: services are measured once a minute. */
const recentMs = 3 * 60_000;

/** A chart is about so many pixels wide: it need not be drawn more often than it moves by one. */
const pixels = 700;

/** Begins to look at a host. */
export function hostView(agentId: string): HostView {
  const path = `/api/v1/hosts/${encodeURIComponent(agentId)}`;
  const store = seriesStore(new Set(hostSeriesNames));
  const recent = seriesStore(new Set(recentSeriesNames));
  const detail = signal<HostDetail | undefined>(undefined);
  const problem = signal<ViewProblem | undefined>(undefined);
  const history = signal<"loading" | "ready" | ViewProblem>("loading");
  const tick = signal(0);
  let closed = false;
  let historyRequest = 0;

  const spanMs = () => Number(span.peek()) * 60_000;

  async function loadDetail(): Promise<void> {
    const answer = await ask<HostDetail>("GET", path);
    if (closed) return;
    noticeExpiry(answer);
    if (answer.ok) detail.value = answer.value;
    problem.value = answer.ok ? undefined : answer;
  }

  async function loadHistory(): Promise<void> {
    const request = ++historyRequest;
    const query = new URLSearchParams({ names: hostSeriesNames.join(","), from: `-${span.peek()}m` });
    const answer = await ask<SeriesAnswer>("GET", `${path}/series?${query}`);
    if (closed || request !== historyRequest) return; // A later request asked for another span.
    noticeExpiry(answer);
    if (answer.ok) store.load(answer.value.series);
    history.value = answer.ok ? "ready" : answer;
    tick.value++;
  }

  /** Without it, rates would only be known after the next measurement; the live feed brings them anyway. */
  async function loadRecent(): Promise<void> {
    const query = new URLSearchParams({ names: recentSeriesNames.join(","), from: `-${recentMs / 60_000}m` });
    const answer = await ask<SeriesAnswer>("GET", `${path}/series?${query}`);
    if (!closed && answer.ok) recent.load(answer.value.series);
  }

  const renewing = setInterval(() => {
    if (!document.hidden) loadDetail();
  }, detailEveryMs);
  let drawing: ReturnType<typeof setInterval> | undefined;
  const stopFollowingSpan = effect(() => {
    const everyMs = Math.min(5000, Math.max(1000, Number(span.value) * 60_000 / pixels));
    clearInterval(drawing);
    drawing = setInterval(() => {
      store.trim(serverNow() - spanMs() - 60_000);
      recent.trim(serverNow() - recentMs);
      tick.value++;
    }, everyMs);
    loadHistory();
  });
  loadDetail();
  loadRecent();

  return {
    agentId,
    detail,
    problem,
    history,
    store,
    recent,
    tick,
    window() {
      const toMs = serverNow();
      return { fromMs: toMs - spanMs(), toMs };
    },
    reload() {
      loadDetail();
      loadHistory();
    },
    samples(data) {
      if (data.agent_id !== agentId) return;
      store.append(data.at, data.values);
      recent.append(data.at, data.values);
    },
    close() {
      closed = true;
      clearInterval(renewing);
      clearInterval(drawing);
      stopFollowingSpan();
    },
  };
}
