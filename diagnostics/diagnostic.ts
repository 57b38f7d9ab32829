/** What a diagnostic is: a kind of command that an agent can run. `diagnostics/mod.ts` lists them all. */
import * as z from "zod/mini";
import type { Clock } from "../lib/clock.ts";
import type { HostFs } from "../lib/host_fs.ts";
import {
  type CommandArgs,
  type CommandResultPayload,
  commandSchemas,
  type CommandType,
} from "../protocol/command.ts";
import { firstIssue } from "../protocol/issue.ts";

/** What a diagnostic works with. */
export interface DiagnosticContext {
  readonly host: { readonly os: typeof Deno.build.os; readonly fs: HostFs };
  readonly clock: Clock;
  /** Aborted when time is up: what was found so far is returned. */
  readonly signal: AbortSignal;
}

/** One entry of the registry. */
export interface DiagnosticDefinition {
  readonly type: CommandType;
  /** Systems that it works on. */
  readonly systems: readonly (typeof Deno.build.os)[];
  /**
   * Checks the arguments and runs.
   *
   * @returns The result's payload.
   * @throws When the arguments are wrong or it can't be done; the message is for the person who asked.
   */
  run(args: unknown, context: DiagnosticContext): Promise<unknown>;
}

// Said as a mapped type, so that TypeScript follows from a kind to the type of its arguments.
const schemas: { readonly [T in CommandType]: { readonly args: z.core.$ZodType<CommandArgs<T>> } } =
  commandSchemas;

/** Makes an entry whose arguments and payload are those of its type in the protocol. */
export function diagnostic<T extends CommandType>(
  type: T,
  systems: DiagnosticDefinition["systems"],
  run: (
    args: CommandArgs<T>,
    context: DiagnosticContext,
  ) => CommandResultPayload<T> | Promise<CommandResultPayload<T>>,
): DiagnosticDefinition {
  const schema = schemas[type].args;
  return {
    type,
    systems,
    async run(args, context) {
      const parsed = z.safeParse(schema, args);
      if (!parsed.success) throw new Error(`${type}: ${firstIssue(parsed.error)}`);
      return await run(parsed.data, context);
    },
  };
}
