/** What a collector must know over a restart: one JSON file in the host's state folder. */
import * as z from "zod/mini";
import { writeFileAtomic, writeFileAtomicSync } from "../lib/atomic_file.ts";
import { logger } from "../lib/log.ts";

const log = logger("collectors", "state_file");

/** A state that is kept. Without a folder nothing is, and every method does nothing. */
export interface StateFile<State> {
  /** What was kept; `undefined` when there is nothing, or nothing that can be understood. */
  load(): State | undefined;
  /** Keeps a state, unless it is the one kept before. When that fails it is logged, once, and tried again with the next. */
  save(state: State): Promise<void>;
  /** Keeps the last state. */
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
  let isFailing = false;

  function done(text: string): void {
    kept = text;
    isFailing = false;
  }

  function complain(error: unknown): void {
    if (!isFailing) log.warning("{error}: after a restart {name} may be read twice", { error, name });
    isFailing = true;
  }

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
      try {
        await writeFileAtomic(path, text);
        done(text);
      } catch (error) {
        complain(error);
      }
    },
    saveNow(state) {
      const text = JSON.stringify(state);
      if (path === undefined || text === kept) return;
      try {
        writeFileAtomicSync(path, text);
        done(text);
      } catch (error) {
        complain(error);
      }
    },
  };
}
