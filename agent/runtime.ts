/**
 * The agent at work: collects, sends, runs commands, until it is stopped.
 *
 * What was measured waits in an outbox that outlives everything else here: collecting starts before the server has
 * answered, and a reload replaces the parts around it.
 */
import type { CollectorDefinition, Host } from "../collectors/collector.ts";
import { collectorDefinitions } from "../collectors/mod.ts";
import { diagnosticDefinitions } from "../diagnostics/mod.ts";
import { type Clock, systemClock } from "../lib/clock.ts";
import { hostFs } from "../lib/host_fs.ts";
import { logger } from "../lib/log.ts";
import { randomBase64Url } from "../lib/random.ts";
import { type Batcher, batcher } from "../transport/batcher.ts";
import { deliveryCounters } from "../transport/counters.ts";
import { encodeEnvelope, type MemoryQueue, memoryQueue } from "../transport/memory_queue.ts";
import { envelopesOf } from "./collect.ts";
import { commandRunner } from "./commands.ts";
import type { Exposition } from "./exposition/server.ts";
import { resolveHostname } from "./hostname.ts";
import { type Link, startLink } from "./link.ts";
import type { AgentOptions } from "./options.ts";
import { careForProcess } from "./process_care.ts";
import { type Scheduler, startScheduler } from "./scheduler.ts";
import { selfCollector } from "./self.ts";
import { isStream, type SharedReading, sharedReading } from "./shared_reading.ts";
import { watch } from "./watch.ts";

const log = logger("agent");

/** While somebody watches, measurements wait only for those of the same moment. */
const watchedBatchDelayMs = 100;

/** What a test replaces. */
export interface AgentDependencies {
  readonly clock?: Clock;
  readonly definitions?: readonly CollectorDefinition[];
  /** A number in [0, 1). */
  random?(): number;
}

/** An agent at work. */
export interface AgentHandle {
  /** Goes on with other options; what waits to be sent is kept. @throws When the host has no usable name. */
  reload(options: AgentOptions): Promise<void>;
  /** Stops collecting, delivers what is queued for at most 5 s, ends. */
  stop(): Promise<void>;
  /**
   * Resolves when the agent has ended, rejects when it can't go on. A collector that hangs in the kernel may keep the
   * process alive after that: the caller ends it.
   */
  readonly done: Promise<void>;
}

/** What was measured under one host name and is not delivered yet. */
interface Outbox {
  readonly hostname: string;
  readonly queue: MemoryQueue;
  readonly batcher: Batcher;
}

/** Starts an agent. @throws When the host has no usable name. */
export function startAgent(initial: AgentOptions, dependencies: AgentDependencies = {}): AgentHandle {
  const { clock = systemClock, definitions = collectorDefinitions, random = Math.random } = dependencies;
  const startedMs = clock.monotonicMs();
  const counters = deliveryCounters();
  const ended = Promise.withResolvers<void>();
  let options = initial;
  let outbox = outboxOf(hostnameOf(options));
  let isStopping = false;
  /** Reloads and the stop, one after the other. */
  let changes = Promise.resolve();

  /** For those who ask; empty when nobody can. */
  let readings: ReadonlyMap<string, SharedReading> = new Map();
  const watching = watch(clock, () => scheduler);
  let scheduler = startCollecting();
  let link = startTalking();
  let exposing = startExposing();
  const endCare = careForProcess(clock);

  function outboxOf(hostname: string): Outbox {
    const queue = memoryQueue({ clock, hostname, counters, maxEnvelopes: () => options.bufferMaxEnvelopes });
    const maxDelayMs = () =>
      Math.min(options.batchMaxSeconds * 1_000, watching.isActive() ? watchedBatchDelayMs : Infinity);
    return {
      hostname,
      queue,
      batcher: batcher({
        clock,
        queue,
        epoch: randomBase64Url(16),
        maxEnvelopes: () => options.batchMaxEnvelopes,
        maxDelayMs,
      }),
    };
  }

  function hostOf(): Host {
    const stateDirectory = makeStateDirectory(options.dataDirectory);
    return {
      os: Deno.build.os,
      fs: hostFs(options.hostFs),
      clock,
      ...stateDirectory === undefined ? {} : { stateDirectory },
    };
  }

  function startCollecting(): Scheduler {
    const { disabled, intervalSeconds, minimumIntervalSeconds, settings } = options.collectors;
    const sources = {
      counters,
      waiting: () => outbox.batcher.waiting,
      collectors: () => scheduler.states(),
    };
    const { hostname, batcher } = outbox;
    const host = hostOf();
    const running = [...definitions, selfCollector(sources, clock, startedMs)]
      .filter(({ name }) => !disabled.includes(name));
    const intervalMs = ({ name, intervalSeconds: own }: CollectorDefinition) =>
      1_000 * (intervalSeconds[name] ?? Math.max(own, minimumIntervalSeconds));
    for (const reading of readings.values()) reading.close();
    readings = new Map(
      options.metricsListen === undefined
        ? []
        : running.filter((each) => !isStream(each)).map((definition) => [
          definition.name,
          sharedReading(definition, host, intervalMs(definition), settings[definition.name]),
        ]),
    );
    return startScheduler({
      host,
      definitions: running,
      settings,
      hostname,
      minimumIntervalMs: 1_000 * minimumIntervalSeconds,
      intervalMs,
      deliver(measurements, epochMs, { name }) {
        readings.get(name)?.offer(measurements);
        for (const envelope of envelopesOf(measurements, epochMs, hostname)) {
          batcher.push(encodeEnvelope(envelope));
        }
      },
    });
  }

  function startTalking(): Link {
    const host = hostOf();
    const { hostname, batcher } = outbox;
    const commands = commandRunner({ host, diagnostics: diagnosticDefinitions, watch: watching });
    const started = startLink({ options, host, hostname, batcher, counters, commands, random });
    started.done.catch((error) => {
      ended.reject(error);
      void stop();
    });
    return started;
  }

  /** Loaded when it is wanted: most agents only send. */
  async function startExposing(): Promise<Exposition | undefined> {
    const { metricsListen } = options;
    if (metricsListen === undefined) return undefined;
    const address = `${metricsListen.hostname}:${metricsListen.port}`;
    try {
      const { startExposition } = await import("./exposition/server.ts");
      return startExposition({
        ...metricsListen,
        clock,
        readings: () => [...readings.values()],
        facts: () => ({ hostname: outbox.hostname, epochMs: clock.now() }),
      });
    } catch (cause) {
      ended.reject(new Error(`Cannot listen on ${address} for metrics`, { cause }));
      void stop();
      return undefined;
    }
  }

  /** Changes to an outbox of another name; what the old one could not deliver is reported as lost. */
  function rename(hostname: string): void {
    const left = outbox.batcher.takeAll();
    outbox = outboxOf(hostname);
    outbox.queue.lose(left, "renamed", "The host was renamed while they could not be delivered.");
  }

  async function change(next: AgentOptions, hostname: string): Promise<void> {
    if (isStopping) return;
    const exposesAnew = JSON.stringify(next.metricsListen) !== JSON.stringify(options.metricsListen);
    const talksAnew = hostname !== outbox.hostname || linkOf(next) !== linkOf(options);
    scheduler.stop();
    if (talksAnew) await link.stop();
    options = next;
    if (hostname !== outbox.hostname) rename(hostname);
    scheduler = startCollecting();
    if (exposesAnew) {
      await (await exposing)?.close();
      exposing = startExposing();
    }
    if (talksAnew) link = startTalking();
    log.info("Reloaded");
  }

  async function end(): Promise<void> {
    endCare();
    scheduler.stop();
    await (await exposing)?.close();
    for (const reading of readings.values()) reading.close();
    await link.stop();
    const { envelopes } = outbox.batcher.waiting;
    if (envelopes > 0) {
      log.warning("Ended with {envelopes} envelopes that could not be delivered: they are lost", {
        envelopes,
      });
    }
    ended.resolve();
  }

  async function reload(next: AgentOptions): Promise<void> {
    const hostname = hostnameOf(next);
    changes = changes.then(() => change(next, hostname));
    await changes;
  }

  async function stop(): Promise<void> {
    if (!isStopping) changes = changes.then(end);
    isStopping = true;
    await changes;
  }

  return { reload, stop, done: ended.promise };
}

/** The collectors' folder; `undefined` where it can't be made: they measure all the same, and start anew each time. */
function makeStateDirectory(dataDirectory: string): string | undefined {
  const path = `${dataDirectory}/state`;
  try {
    Deno.mkdirSync(path, { recursive: true, mode: 0o700 });
    return path;
  } catch (error) {
    log.warning("Cannot make {path}, positions in logs will not be kept: {error}", { path, error });
    return undefined;
  }
}

function hostnameOf(options: AgentOptions): string {
  return resolveHostname(options.hostname, hostFs(options.hostFs));
}

/** The options that the link to the server is made of, to be compared. */
function linkOf({ serverUrl, dataDirectory, tokenFile, hostFs, heartbeatSeconds }: AgentOptions): string {
  return JSON.stringify([serverUrl, dataDirectory, tokenFile, hostFs, heartbeatSeconds]);
}
