/** The live feed as server-sent events. */
import { sleep } from "../../lib/clock.ts";
import type { Clock } from "../../lib/clock.ts";
import { liveEventSchemas } from "../../protocol/api.ts";
import { problemResponse } from "../problem_response.ts";
import type { Route } from "../route.ts";
import type { LiveSubscription } from "../services.ts";

/** How often a line is sent to a silent connection, so that proxies keep it and a dead one is noticed. */
const pingMs = 15_000;
/** After how long a browser connects again. */
const retryMs = 2000;

const headers = {
  "Content-Type": "text/event-stream; charset=utf-8",
  "Cache-Control": "no-transform, no-store",
  "X-Accel-Buffering": "no", // nginx would hold events back
};

/** `GET /api/v1/live`. */
export const liveRoutes: readonly Route[] = [{
  method: "GET",
  path: "/api/v1/live",
  policy: "admin",
  summary: "Server-sent events: what changes on all hosts, and the samples of one",
  query: {
    agent_id: "Send the samples of this host too.",
    last_event_id: "Continue after this event; as the header Last-Event-ID.",
  },
  answers: {
    200: {
      description: "text/event-stream of the events snapshot, host and samples; the data are JSON",
      schema: liveEventSchemas.snapshot,
    },
    404: { description: "No host has this agent_id" },
    503: { description: "Too many browsers listen" },
  },
  handler(context) {
    const { agents, clock, live, sessions } = context.var.services;
    const { session } = context.var;
    const agentId = context.req.query("agent_id");
    if (agentId !== undefined && agents.byId(agentId) === undefined) {
      return problemResponse(404, "No host has this agent_id.");
    }
    const lastEventId = context.req.header("Last-Event-ID") ?? context.req.query("last_event_id");
    const subscription = live.subscribe({
      ...(agentId === undefined ? {} : { agentId }),
      ...(lastEventId === undefined ? {} : { lastEventId }),
    });
    if (subscription === undefined) {
      return problemResponse(503, "Too many browsers listen: close one.", { "Retry-After": "10" });
    }
    if (session === undefined) {
      return new Response(eventStream(clock, subscription, () => {}, () => {}), { headers });
    }
    const forgetEnd = sessions.onEnd(session, () => subscription.close());
    const check = async () => {
      if (await sessions.principalOf(session) === undefined) subscription.close();
    };
    return new Response(eventStream(clock, subscription, check, forgetEnd), { headers });
  },
}];

/**
 * The events as text, with a comment in every silence of {@linkcode pingMs}. Cancelling it closes the subscription. `check`
 * is called as often as a silent connection is pinged, `onEnd` when the stream ends.
 */
function eventStream(
  clock: Clock,
  subscription: LiveSubscription,
  check: () => void | Promise<void>,
  onEnd: () => void,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const reader = subscription.events.getReader();
  let next: ReturnType<typeof reader.read> | undefined;
  let cancelled = false;
  let checkedMs = clock.monotonicMs();
  return new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(encoder.encode(`retry: ${retryMs}\n\n`));
    },
    async pull(controller) {
      const silence = new AbortController();
      next ??= reader.read();
      const read = await Promise.race([next, sleep(clock, pingMs, silence.signal)]);
      silence.abort();
      if (cancelled) return;
      if (clock.monotonicMs() - checkedMs >= pingMs) {
        checkedMs = clock.monotonicMs();
        await check();
      }
      if (read === undefined) return controller.enqueue(encoder.encode(": ping\n\n"));
      next = undefined;
      if (read.done) {
        onEnd();
        return controller.close();
      }
      const { id, event, json } = read.value;
      controller.enqueue(encoder.encode(`id: ${id}\nevent: ${event}\ndata: ${json}\n\n`));
    },
    async cancel() {
      cancelled = true;
      onEnd();
      await reader.cancel();
    },
  }, { highWaterMark: 0 });
}
