/** Which kinds of command an agent can run. */
import { type CommandType, v1CommandTypes } from "../../protocol/command.ts";
import type { Agent } from "../agents.ts";

/** True for a kind that the agent named at register; a v1 agent names none and has the five kinds of v1. */
export function supports(agent: Agent, type: CommandType): boolean {
  return (agent.info.capabilities ?? v1CommandTypes).includes(type);
}

/** What to tell who asked for a kind that the agent can't run. */
export function unsupportedDetail(agent: Agent, type: CommandType): string {
  const kinds = agent.info.capabilities ?? v1CommandTypes;
  const can = kinds.length === 0 ? "it runs no commands" : `it runs ${kinds.join(", ")}`;
  return `The agent of host "${agent.hostname}" cannot run ${type}: ${can}.`;
}
