/** The agent's link to one server: registration, sender and command poll, begun and ended together. */
import type { Host } from "../collectors/collector.ts";
import { readHostInfo } from "../collectors/host_info.ts";
import { claimDataDirectory, makePrivateDirectory } from "../lib/data_directory.ts";
import { version } from "../lib/version.ts";
import type { Batcher } from "../transport/batcher.ts";
import { runCommandPoll } from "../transport/command_poll.ts";
import type { DeliveryCounters } from "../transport/counters.ts";
import { httpClient } from "../transport/http.ts";
import { runSender } from "../transport/sender.ts";
import type { CommandRunner } from "./commands.ts";
import { identityFile } from "./identity.ts";
import type { AgentOptions } from "./options.ts";
import { registration } from "./register.ts";

/** Time for delivering what is queued when the link ends. */
const flushMs = 5_000;

/** What a link is made of. */
export interface LinkParts {
  readonly options: AgentOptions;
  readonly host: Host;
  readonly hostname: string;
  readonly batcher: Batcher;
  readonly counters: DeliveryCounters;
  readonly commands: CommandRunner;
  /** A number in [0, 1). */
  random(): number;
}

/** A link at work. */
export interface Link {
  /** Rejects when it can't go on: the data directory is another agent's or takes no files, or the identity in it is damaged. */
  readonly done: Promise<void>;
  /** Delivers what is queued, for at most 5 s, and ends. Does not reject. */
  stop(): Promise<void>;
}

/** Begins a link. */
export function startLink(parts: LinkParts): Link {
  const { options, host, hostname, batcher, counters, commands, random } = parts;
  const { clock } = host;
  const stop = new AbortController();
  const abandon = new AbortController();
  const http = httpClient(options.serverUrl, clock);
  const credentials = registration({
    clock,
    http,
    identityFile: identityFile(options.dataDirectory, options.serverName ?? options.serverUrl),
    tokenFile: options.tokenFile,
    hostInfo: () => ({
      ...readHostInfo(host),
      hostname,
      agent_version: version,
      capabilities: [...commands.capabilities],
    }),
    random,
  });
  const shared = { clock, http, credentials, hostname, random };
  const poll = { ...shared, waitSeconds: options.heartbeatSeconds, execute: commands.execute };
  const talk = async (): Promise<void> => {
    // Before registering: an identity that can't be kept would be another host at every start.
    await makePrivateDirectory(options.dataDirectory);
    const claim = await claimDataDirectory(options.dataDirectory, "agent");
    try {
      await Promise.all([
        credentials.run(stop.signal),
        runSender({ ...shared, batcher, counters }, stop.signal, abandon.signal),
        runCommandPoll(poll, stop.signal, abandon.signal),
      ]);
    } finally {
      claim.release();
    }
  };
  const done = talk();
  return {
    done,
    async stop() {
      stop.abort();
      const cancel = clock.after(flushMs, () => abandon.abort());
      await Promise.allSettled([done]); // Its failure is reported by `done`.
      cancel();
      http.close();
    },
  };
}
