/** Removing hosts from everything that knows them: when an admin says so, or to make room for another anonymous one. */
import { logger } from "../lib/log.ts";
import { type Agent, silentMs } from "./agents.ts";
import type { Services } from "./services.ts";

const log = logger("server", "hosts");

/** An anonymous agent that was silent for so long may have to make room for another. */
const abandonedMs = 3_600_000;

type Knowing = Pick<Services, "agents" | "commands" | "heads" | "live" | "store">;

/** Removes a host and its key. What it sent stays until it is too old, but is shown nowhere. */
export async function removeHost(
  { agents, commands, heads, live, store }: Knowing,
  agent: Agent,
): Promise<void> {
  await agents.remove(agent);
  heads.forget(agent);
  commands.forget(agent);
  live.hostRemoved(agent);
  await store.run("forgetAgent", agent.id);
}

/**
 * The anonymous agent of a hostname, made when there is none. Where there are too many, the one that was silent for longest
 * makes room, if that is long.
 */
export async function anonymousAgent(
  services: Knowing & Pick<Services, "clock">,
  hostname: string,
): Promise<Agent | "taken" | "full"> {
  const { agents, clock } = services;
  const found = await agents.anonymous(hostname);
  if (found !== "full") return found;
  let longestMs = abandonedMs;
  let abandoned: Agent | undefined;
  for (const agent of agents.all()) {
    const silent = silentMs(agent, clock) ?? clock.now() - agent.registeredAtMs;
    if (!agent.anonymous || silent <= longestMs) continue;
    longestMs = silent;
    abandoned = agent;
  }
  if (abandoned === undefined) return "full";
  await removeHost(services, abandoned);
  log.info("Anonymous host {old} was silent for {minutes} min and makes room for {hostname}", {
    old: abandoned.hostname,
    minutes: Math.round(longestMs / 60_000),
    hostname,
  });
  return await agents.anonymous(hostname);
}
