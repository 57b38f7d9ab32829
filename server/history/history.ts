/** Questions about the past, answered by a Worker that is started with the first one. */
import { type Connection, connectWorker, OpeningError } from "../storage/rpc.ts";
import type { QueryOperations, SeriesOutcome, SeriesQuestion } from "./query.ts";

/** The past. */
export interface History {
  /**
   * Reads series; `busy` when too many questions wait.
   *
   * @throws {OperationError} When the database can't be read.
   */
  readSeries(question: SeriesQuestion): Promise<SeriesOutcome | { readonly status: "busy" }>;
  close(): Promise<void>;
}

/** Most questions that wait or are being answered. */
const maxQuestions = 32;

/** Answers questions from the databases in a folder, which the writer has opened before. */
export function openHistory(directory: string): History {
  let connection: Connection<QueryOperations> | undefined;
  let questions = 0;

  function connect(): Connection<QueryOperations> {
    const worker = new Worker(new URL("./query_worker.ts", import.meta.url), {
      type: "module",
      name: directory,
    });
    // The next question starts another Worker; those that wait are told by their rejected promise.
    const made = connectWorker<QueryOperations>(worker, () => forget(made));
    return made;
  }

  function forget(used: Connection<QueryOperations>): void {
    used.terminate();
    if (connection === used) connection = undefined;
  }

  return {
    async readSeries(question) {
      if (questions >= maxQuestions) return { status: "busy" };
      questions++;
      const used = connection ??= connect();
      try {
        return await used.run("readSeries", question);
      } catch (error) {
        if (error instanceof OpeningError) forget(used); // the next question tries again
        throw error;
      } finally {
        questions--;
      }
    },
    async close() {
      const used = connection;
      if (used === undefined) return;
      try {
        await used.run("close", null);
      } finally {
        forget(used);
      }
    },
  };
}
