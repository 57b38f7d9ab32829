/** What a collector must know over a restart: one JSON file in the host's state folder. */
import * as z from "zod/mini";
import { writeFileAtomic, writeFileAtomicSync } from "../lib/atomic_file.ts";
import { logger } from "../lib/log.ts";

const log = logger("collectors", "state_file");

/** A state that is kept. Without a folder nothing is, and every method does nothing. */
export interface StateFile<State> {
  /** What was kept; `undefined` when there is nothing, or nothing that can be understood. */
  load(): State | undefined;
  /** Keeps a state, unless it is the one kept before. @throws When it can't be written; the message names the file. */
  save(state: State): Promise<void>;
  /** Keeps the last state. @throws As {@linkcode StateFile.save}. */
  saveNow(state: State): void;
}

/** The state of collector `name`. */
export function stateFile<Schema extends z.ZodMiniType>(
  directory: string | undefined,
  name: string,
  schema: Schema,
): StateFile<z.infer<Schema>> {
  const path = directory === undefined ? undefined : `${directory}/${name}.json`;
  let kept = "";
  return {
    load() {
      if (path === undefined) return undefined;
      try {
        const text = Deno.readTextFileSync(path);
        const state = z.parse(schema, JSON.parse(text));
        kept = text;
        return state;
      } catch (error) {
        if (!(error instanceof Deno.errors.NotFound)) {
          log.warning("Cannot use {path}, beginning anew: {error}", { path, error });
        }
        return undefined;
      }
    },
    async save(state) {
      const text = JSON.stringify(state);
      if (path === undefined || text === kept) return;
      await writeFileAtomic(path, text);
      kept = text;
    },
    saveNow(state) {
      const text = JSON.stringify(state);
      if (path === undefined || text === kept) return;
      writeFileAtomicSync(path, text);
      kept = text;
    },
  };
}
