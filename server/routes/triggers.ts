/** The short names of commands, made for `curl`: arguments in the query, the answer in plain text unless JSON is asked for. */
import { commandRecordSchema, type CommandType } from "../../protocol/command.ts";
import { answerCommandRequest, askQuery } from "../commands/ask.ts";
import type { Route } from "../route.ts";

interface Argument {
  readonly description: string;
  /** Digits in the query are a number in the command. */
  readonly number?: boolean;
}

function trigger(
  name: string,
  type: CommandType,
  summary: string,
  parameters: Readonly<Record<string, Argument>>,
): Route {
  const descriptions = Object.entries(parameters).map(([key, { description }]) => [key, description]);
  return {
    method: "POST",
    path: `/admin/${name}`,
    policy: "admin",
    summary,
    query: {
      hostname: "Name of the host.",
      agent_id: "The host where two have one name.",
      ...Object.fromEntries(descriptions),
      ...askQuery,
    },
    answers: triggerAnswers,
    handler(context) {
      const args: Record<string, unknown> = {};
      for (const [key, { number }] of Object.entries(parameters)) {
        const value = context.req.query(key);
        // What is no number stays text, which the argument's schema refuses by its name.
        if (value !== undefined) args[key] = number && /^-?\d{1,15}$/.test(value) ? Number(value) : value;
      }
      const { hostname, agent_id: agentId } = context.req.query();
      return answerCommandRequest(context, { hostname, agentId, type, args }, true);
    },
  };
}

const triggerAnswers = {
  200: {
    description: "With wait: the command has ended, its status says how",
    schema: commandRecordSchema,
  },
  202: { description: "Queued; with wait: not ended yet", schema: commandRecordSchema },
  404: { description: "No such host" },
  409: { description: "The host is offline, or several have this name" },
  422: { description: "A parameter is wrong; the detail names it" },
  503: { description: "Too many commands wait" },
};

/** `POST /admin/trigger_…`. */
export const triggerRoutes: readonly Route[] = [
  trigger("trigger_logs", "FETCH_LOGS", "Fetch recent log entries of a host", {
    min_level: { description: "Least severity, DEBUG to EMERGENCY." },
    unit: { description: "Only of this service." },
    since: { description: "Only after this time." },
    limit: { description: "Most entries.", number: true },
  }),
  trigger("trigger_disk", "DISK_USAGE", "Find what fills a folder of a host", {
    path: { description: "Folder to scan." },
    top_n: { description: "How many of the largest to list; 20 unless told.", number: true },
  }),
  trigger("trigger_network", "NETWORK_DIAG", "Diagnose the network from a host", {
    action: { description: "ping, connect, netstat or traceroute." },
    target: { description: "Host, or host:port for connect." },
    count: { description: "How many times.", number: true },
  }),
];
