/**
 * The databases as the server sees them: operations run in the writer Worker, and batches go there in groups.
 *
 * A group is committed at once when nothing was committed lately; what comes within {@linkcode gatherMs} of a commit
 * shares the next one, so a busy server pays for few commits and a quiet one waits for none.
 */
import type { Clock } from "../../lib/clock.ts";
import type { NewBatch } from "./batches_table.ts";
import type { StoreOperations } from "./operations.ts";
import { type Argument, connectWorker, OperationError, type Result } from "./rpc.ts";

/** Shortest time between two commits of batches, in milliseconds. */
const gatherMs = 20;

/** Size at which a group is committed without waiting, in bytes. */
const groupBytes = 1024 * 1024;

/** Most batches in a group: all of it is one statement, whose variables are numbered. */
const groupBatches = 1000;

/** Most bytes that wait for a commit. Beyond it batches are refused: the disk does not keep up. */
const maxPendingBytes = 64 * 1024 * 1024;

/** What became of a batch. */
export type Appended =
  | { readonly status: "stored"; readonly id: number }
  /** Stored before, by the same batch id. */
  | { readonly status: "duplicate" }
  /** The disk is full: nothing was stored. */
  | { readonly status: "full" }
  /** Too much waits to be written: nothing was stored. */
  | { readonly status: "busy" };

/** The databases. */
export interface Store {
  /** False after the Worker died. */
  readonly alive: boolean;
  /**
   * Runs an operation of `operations.ts` in the writer Worker.
   *
   * @throws {OperationError} When the database refused it or the Worker died.
   */
  run<Name extends keyof StoreOperations & string>(
    operation: Name,
    argument: Argument<StoreOperations, Name>,
  ): Promise<Result<StoreOperations, Name>>;
  /**
   * Stores a batch; when the promise resolves it is on disk.
   *
   * @throws {OperationError} When the database refused it for another reason than a full disk.
   */
  append(batch: NewBatch): Promise<Appended>;
  /** Writes what waits, ends the Worker. */
  close(): Promise<void>;
}

interface PendingBatch {
  readonly batch: NewBatch;
  resolve(appended: Appended): void;
  reject(error: unknown): void;
}

/**
 * Opens the databases of a folder, which must exist, in a Worker. `onDeath` is told when the Worker can't go on.
 *
 * @throws {OperationError} When they can't be opened.
 */
export async function openStore(
  directory: string,
  clock: Clock,
  onDeath: (error: Error) => void,
): Promise<Store> {
  const worker = new Worker(new URL("./writer_worker.ts", import.meta.url), {
    type: "module",
    name: directory,
  });
  let alive = true;
  const connection = connectWorker<StoreOperations>(worker, (error) => {
    alive = false;
    onDeath(error);
  });
  const group = createGroupCommit(clock, (batches) => connection.run("appendBatches", batches));
  try {
    await connection.run("checkpoint", null);
  } catch (error) {
    connection.terminate();
    throw error;
  }
  return {
    get alive() {
      return alive;
    },
    run: (operation, argument) => connection.run(operation, argument),
    append: group.append,
    async close() {
      try {
        await group.settled();
        if (alive) await connection.run("closeDatabases", null);
      } finally {
        connection.terminate();
      }
    },
  };
}

/** Gathers batches into groups and commits one group at a time. `commit` answers the ids, `undefined` for duplicates. */
export function createGroupCommit(
  clock: Clock,
  commit: (batches: readonly NewBatch[]) => Promise<(number | undefined)[]>,
): { append(batch: NewBatch): Promise<Appended>; settled(): Promise<void> } {
  const pending: PendingBatch[] = [];
  let pendingBytes = 0;
  let committing: Promise<void> | undefined;
  let lastCommitMs = -Infinity;
  let cancelTimer: (() => void) | undefined;

  function schedule(): void {
    if (committing !== undefined || pending.length === 0) return;
    const waitMs = lastCommitMs + gatherMs - clock.monotonicMs();
    if (waitMs <= 0 || pendingBytes >= groupBytes || pending.length >= groupBatches) start();
    else cancelTimer ??= clock.after(waitMs, start);
  }

  function start(): void {
    cancelTimer?.();
    cancelTimer = undefined;
    const group = pending.splice(0, groupBatches);
    for (const { batch } of group) pendingBytes -= batch.body.length;
    committing = commitGroup(group).finally(() => {
      committing = undefined;
      lastCommitMs = clock.monotonicMs();
      schedule();
    });
  }

  async function commitGroup(group: readonly PendingBatch[]): Promise<void> {
    try {
      const ids = await commit(group.map(({ batch }) => batch));
      group.forEach(({ resolve }, index) => {
        const id = ids[index];
        resolve(id === undefined ? { status: "duplicate" } : { status: "stored", id });
      });
    } catch (error) {
      const full = error instanceof OperationError && error.code === "SQLITE_FULL";
      for (const { resolve, reject } of group) full ? resolve({ status: "full" }) : reject(error);
    }
  }

  return {
    append(batch) {
      if (pendingBytes + batch.body.length > maxPendingBytes) return Promise.resolve({ status: "busy" });
      return new Promise((resolve, reject) => {
        pending.push({ batch, resolve, reject });
        pendingBytes += batch.body.length;
        schedule();
      });
    },
    async settled() {
      while (committing !== undefined || pending.length > 0) {
        if (committing === undefined) start();
        await committing;
      }
    },
  };
}
