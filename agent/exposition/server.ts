/** `GET /metrics` for Prometheus: a server of its own, for this alone. */
import type { Clock } from "../../lib/clock.ts";
import { withDeadline } from "../../lib/clock.ts";
import { logger } from "../../lib/log.ts";
import type { Reading, SharedReading } from "../shared_reading.ts";
import { type ExpositionFacts, renderReadings } from "./exposition.ts";
import { contentTypes, formatFor } from "./format.ts";

const log = logger("agent", "exposition");

/** After this long the answer goes out without the collectors that have not answered: Prometheus waits 10 s by default. */
const answerWithinMs = 5_000;

/** What the server is made of. */
export interface ExpositionOptions {
  readonly hostname: string;
  readonly port: number;
  readonly clock: Clock;
  /** What is read, as it is when it is asked. */
  readings(): readonly SharedReading[];
  facts(): ExpositionFacts;
}

/** A server at work. */
export interface Exposition {
  /** Port that it listens on. */
  readonly port: number;
  close(): Promise<void>;
}

/** Starts serving. @throws When the address is not available. */
export function startExposition(options: ExpositionOptions): Exposition {
  const { hostname, port, clock } = options;
  const stop = new AbortController();
  const server = Deno.serve({
    hostname,
    port,
    signal: stop.signal,
    onListen: ({ hostname, port }) =>
      log.info("Metrics at http://{hostname}:{port}/metrics", { hostname, port }),
    onError(error) {
      log.error("Cannot answer a request for metrics: {error}", { error });
      return new Response("Internal error\n", { status: 500 });
    },
  }, (request) => answer(request, options, clock));
  if (!isLoopback(hostname)) {
    log.warning(
      "Metrics at {hostname}:{port} can be read by everybody who reaches it: they name processes, disks and interfaces. " +
        "Listen on 127.0.0.1, or let only Prometheus through the firewall",
      { hostname, port },
    );
  }
  return {
    port: server.addr.port,
    async close() {
      stop.abort();
      await server.finished;
    },
  };
}

async function answer(request: Request, options: ExpositionOptions, clock: Clock): Promise<Response> {
  if (new URL(request.url).pathname !== "/metrics") {
    return new Response("Only /metrics is here\n", { status: 404 });
  }
  if (request.method !== "GET") {
    return new Response("Only GET is answered\n", { status: 405, headers: { allow: "GET" } });
  }
  const readings = await Promise.all(options.readings().map((reading) => inTime(reading, clock)));
  const format = formatFor(request.headers.get("accept"));
  const text = renderReadings(readings, options.facts(), format);
  return new Response(text, {
    headers: { "content-type": contentTypes[format], "cache-control": "no-store" },
  });
}

async function inTime(reading: SharedReading, clock: Clock): Promise<Reading> {
  const { collector } = reading;
  try {
    return await withDeadline(clock, answerWithinMs, `Collector ${collector}`, reading.read());
  } catch (error) {
    return { collector, outcome: "timeout", detail: String(error), measurements: [], ageMs: 0 };
  }
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "::1" || hostname.startsWith("127.");
}
