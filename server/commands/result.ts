/** What an agent answered to a command, judged by the schema of its kind. */
import * as z from "zod/mini";
import { sanitise } from "../../lib/text.ts";
import { type CommandResult, commandSchemas, isCommandType } from "../../protocol/command.ts";
import { firstIssue } from "../../protocol/issue.ts";
import type { CommandEnding } from "../storage/command_table.ts";

const maxErrorCharacters = 8192;

/** How a command ends with this answer: `failed` when the agent says so or its payload is not what the kind defines. */
export function judgeResult(type: string, answer: CommandResult): CommandEnding {
  if (answer.error !== undefined && answer.error !== "") {
    return { status: "failed", error: sanitise(answer.error, maxErrorCharacters) };
  }
  if (!isCommandType(type)) {
    return { status: "failed", error: `This server has no command ${sanitise(type, 64)}.` };
  }
  const schema: z.core.$ZodType = commandSchemas[type].result;
  // v1 agents are written in Go, whose empty lists are `null` in JSON.
  const payload = answer.payload === null && schema instanceof z.core.$ZodArray ? [] : answer.payload;
  const parsed = z.safeParse(schema, payload);
  if (parsed.success) return { status: "done", result: parsed.data };
  return {
    status: "failed",
    error: sanitise(
      `The agent's result is not a valid ${type} result: ${firstIssue(parsed.error)}`,
      maxErrorCharacters,
    ),
  };
}
