/** Starting and stopping a server. */
import { join } from "node:path";
import { type Clock, DeadlineError, sleep, systemClock, withDeadline } from "../lib/clock.ts";
import { claimDataDirectory, makePrivateDirectory } from "../lib/data_directory.ts";
import { logger } from "../lib/log.ts";
import { createAgentDirectory } from "./agent_directory.ts";
import { createApp } from "./app.ts";
import { createSessions } from "./auth/sessions.ts";
import { createTokens, loadToken } from "./auth/tokens.ts";
import { createCommandQueue } from "./commands/queue.ts";
import { createHeads } from "./heads.ts";
import { createHeadsPersistence, type HeadsPersistence } from "./heads_persistence.ts";
import { openHistory } from "./history/history.ts";
import { createIngest } from "./ingest.ts";
import { createLiveFeed } from "./live/feed.ts";
import { maintain } from "./maintenance.ts";
import type { ServerOptions } from "./options.ts";
import { createReadiness } from "./readiness.ts";
import { createBodies } from "./request_body.ts";
import { routes } from "./routes/mod.ts";
import { createSelfMetrics } from "./self_metrics.ts";
import type { Services } from "./services.ts";
import { openStore, type Store } from "./storage/store.ts";

const log = logger("server");

/** Bytes of bodies that are held at once. */
const bodyBudgetBytes = 256 * 1024 * 1024;
/** After how long restoring is tried again. */
const restoreAgainMs = 10_000;
/** How long requests may take to end when the server stops. */
const shutdownMs = 5000;

/** A server that serves. */
export interface RunningServer {
  /** Base URL, without a slash at its end. */
  readonly url: string;
  readonly port: number;
  readonly adminTokenPath: string;
  readonly enrollmentTokenPath: string;
  readonly services: Services;
  /** A fresh URL that signs a browser in, once, within ten minutes. */
  loginUrl(): string;
  /** Rejects when the server can't go on: its databases are gone. It never resolves. */
  readonly failed: Promise<never>;
  /** Ends requests, writes what waits, closes the databases. */
  close(): Promise<void>;
}

/**
 * Starts a server. It serves when the promise resolves; the latest state of hosts fills in beside it.
 *
 * @throws When a directory, a database, a token or the address can't be had; the message says which.
 */
export async function startServer(
  options: ServerOptions,
  clock: Clock = systemClock,
): Promise<RunningServer> {
  const { dataDirectory, tokenDirectory } = options;
  await makePrivateDirectory(dataDirectory);
  await makePrivateDirectory(tokenDirectory);
  const claim = await claimDataDirectory(dataDirectory, "server");
  const failure = Promise.withResolvers<never>();
  failure.promise.catch(() => {}); // Who runs the server looks at it; until then nobody needs to.
  let store: Store | undefined;
  try {
    store = await openStore(
      dataDirectory,
      clock,
      (cause) =>
        failure.reject(new Error("The server can't go on without its databases: start it again", { cause })),
    );
    const server = await serve(options, clock, store, () => claim.release());
    return { ...server, failed: failure.promise };
  } catch (error) {
    await store?.close();
    claim.release();
    throw error;
  }
}

async function serve(
  options: ServerOptions,
  clock: Clock,
  store: Store,
  release: () => void,
): Promise<Omit<RunningServer, "failed">> {
  const adminTokenPath = join(options.tokenDirectory, "admin-token");
  const enrollmentTokenPath = join(options.tokenDirectory, "enrollment-token");
  const tokens = createTokens(await loadToken(adminTokenPath), await loadToken(enrollmentTokenPath));

  const agents = await createAgentDirectory({ clock, store });
  const heads = createHeads(clock);
  const selfMetrics = createSelfMetrics();
  const sessions = await createSessions({ clock, store, tokens });
  const commands = await createCommandQueue({ clock, store, heads });
  const live = createLiveFeed({ clock, agents, heads, commands });
  const ingest = createIngest({ clock, store, agents, heads, live, selfMetrics });
  const history = openHistory(options.dataDirectory);
  const services: Services = {
    clock,
    options,
    store,
    agents,
    tokens,
    heads,
    ingest,
    bodies: createBodies(clock, bodyBudgetBytes),
    history,
    live,
    commands,
    sessions,
    selfMetrics,
    isReady: createReadiness(clock, store),
    startedAtMs: clock.monotonicMs(),
  };
  const app = createApp(services, routes);
  const http = listen(options, (request) => app.fetch(request));
  const url = urlOf(http.addr);

  const stopping = new AbortController();
  const persistence = createHeadsPersistence({ clock, store, agents, heads, ingest });
  const restored = restoreHeads(persistence, clock, stopping.signal);
  const maintained = maintain({ clock, store, agents, persistence, signal: stopping.signal });

  return {
    url,
    port: http.addr.port,
    adminTokenPath,
    enrollmentTokenPath,
    services,
    loginUrl: () => `${url}/#code=${sessions.issueCode()}`,
    async close() {
      live.close();
      commands.close();
      await attempt("end all requests", () => shutDown(http, clock));
      stopping.abort();
      await attempt("end maintenance", () => Promise.all([restored, maintained]));
      await attempt("save when hosts were last heard of", () => agents.saveLastSeen());
      await attempt("save the latest state of hosts", () => persistence.save());
      await attempt("close the history", () => history.close());
      await attempt("close the databases", () => store.close());
      release();
    },
  };
}

/** Restores until it succeeds: nothing is saved before. Meanwhile the latest state fills in as hosts send. */
async function restoreHeads(persistence: HeadsPersistence, clock: Clock, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      return await persistence.restore(signal);
    } catch (error) {
      log.error("Cannot restore the latest state of hosts, will try again: {error}", { error });
      await sleep(clock, restoreAgainMs, signal);
    }
  }
}

/** One step of stopping: the next ones are done whatever becomes of it. */
async function attempt(what: string, step: () => Promise<unknown>): Promise<void> {
  try {
    await step();
  } catch (error) {
    log.error("Cannot {what} while stopping: {error}", { what, error });
  }
}

function listen(
  { listen: { hostname, port } }: ServerOptions,
  handler: (request: Request) => Response | Promise<Response>,
): Deno.HttpServer<Deno.NetAddr> {
  try {
    return Deno.serve({ hostname, port, onListen: () => {} }, handler);
  } catch (cause) {
    throw new Error(`Cannot listen on ${hostname}:${port}`, { cause });
  }
}

function urlOf({ hostname, port }: Deno.NetAddr): string {
  if (hostname === "0.0.0.0" || hostname === "::") return `http://localhost:${port}`;
  return hostname.includes(":") ? `http://[${hostname}]:${port}` : `http://${hostname}:${port}`;
}

/**
 * Lets requests end, but does not wait for ever: a client that neither sends nor goes away must not keep the server. What is
 * left ends with the process; the runtime has no way to cut it.
 */
async function shutDown(http: Deno.HttpServer, clock: Clock): Promise<void> {
  try {
    await withDeadline(clock, shutdownMs, "the shutdown", http.shutdown());
  } catch (error) {
    if (!(error instanceof DeadlineError)) throw error;
    log.warning("Some requests did not end within {seconds} s: left", { seconds: shutdownMs / 1000 });
  }
}
