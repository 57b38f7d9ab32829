/** Removing a host from everything that knows it. */
import type { Agent } from "./agents.ts";
import type { Services } from "./services.ts";

/** Removes a host and its key. What it sent stays until it is too old, but is shown nowhere. */
export async function removeHost(
  { agents, commands, heads, live, store }: Pick<
    Services,
    "agents" | "commands" | "heads" | "live" | "store"
  >,
  agent: Agent,
): Promise<void> {
  await agents.remove(agent);
  heads.forget(agent);
  commands.forget(agent);
  live.hostRemoved(agent);
  await store.run("forgetAgent", agent.id);
}
