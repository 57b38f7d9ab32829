/**
 * Calls into a Worker: a table of operations on one side, `run(name, argument)` on the other, typed by that table.
 *
 * Each operation takes one argument and answers with a promise; both travel by structured clone. Calls run one after
 * the other in the order they were made, so an operation never meets another half-way.
 */
import { errorChain } from "../../lib/log.ts";

/** A table of operations. Argument and result must survive a structured clone. */
export type Operations<Table> = {
  readonly [
    // `never` is what every function of one argument can be seen to take.
    Name in keyof Table
  ]: (argument: never) => Promise<unknown>;
};

/** What an operation takes. */
export type Argument<Table extends Operations<Table>, Name extends keyof Table> = Parameters<Table[Name]>[0];

/** What an operation answers. */
export type Result<Table extends Operations<Table>, Name extends keyof Table> = Awaited<
  ReturnType<Table[Name]>
>;

/** An operation that failed in the Worker. */
export class OperationError extends Error {
  override readonly name = "OperationError";
  /** @param code The database's name for the failure (`SQLITE_FULL` …), where it has one. */
  constructor(message: string, readonly code: string | undefined, options?: ErrorOptions) {
    super(message, options);
  }
}

/** The Worker could not open what it works on: no call will ever succeed. */
export class OpeningError extends OperationError {}

interface Call {
  readonly id: number;
  readonly operation: string;
  /** What the operation takes: {@linkcode Connection.run} saw to it. */
  readonly argument: never;
}

type Answer =
  | { readonly id: number; readonly ok: true; readonly result: unknown }
  | {
    readonly id: number;
    readonly ok: false;
    readonly message: string;
    readonly code: string | undefined;
    /** False when opening failed. */
    readonly opened: boolean;
  };

/** The Worker's side of the channel: what a dedicated Worker's global scope is. */
export interface WorkerScope {
  onmessage: ((event: MessageEvent) => void) | null;
  postMessage(message: unknown): void;
}

/**
 * Answers calls with the operations of a table, when they are ready; where they fail to be, every call fails with that.
 * Call it once, in the Worker.
 */
export function serveOperations<Table extends Operations<Table>>(
  scope: WorkerScope,
  opening: Promise<Table>,
): void {
  const operations = opening.then((table) =>
    new Map<string, (argument: never) => Promise<unknown>>(Object.entries(table))
  );
  operations.catch(() => {}); // Each call says so.
  const answer = async (call: Call): Promise<Answer> => {
    let opened = false;
    try {
      const table = await operations;
      opened = true;
      const operation = table.get(call.operation);
      if (operation === undefined) throw new Error(`There is no operation ${call.operation}`);
      return { id: call.id, ok: true, result: await operation(call.argument) };
    } catch (error) {
      return { id: call.id, ok: false, message: errorChain(error), code: codeOf(error), opened };
    }
  };
  let last: Promise<void> = Promise.resolve();
  scope.onmessage = (event: MessageEvent<Call>) => {
    last = last.then(async () => scope.postMessage(await answer(event.data)));
  };
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ("code" in error && typeof error.code === "string") return error.code;
  return codeOf(error.cause);
}

/** The caller's side of the channel. */
export interface Connection<Table extends Operations<Table>> {
  /** @throws {OperationError} When the operation fails, or the Worker died; {@linkcode OpeningError} when it opened nothing. */
  run<Name extends keyof Table & string>(
    operation: Name,
    argument: Argument<Table, Name>,
  ): Promise<Result<Table, Name>>;
  /** Ends the Worker; calls that wait fail. */
  terminate(): void;
}

/** Connects to a Worker that {@linkcode serveOperations serves} `Table`. `onDeath` is told why it can't go on. */
export function connectWorker<Table extends Operations<Table>>(
  worker: Worker,
  onDeath: (error: Error) => void,
): Connection<Table> {
  const waiting = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>();
  let nextId = 1;
  let dead: OperationError | undefined;
  const die = (error: OperationError) => {
    dead ??= error;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  worker.onmessage = ({ data }: MessageEvent<Answer>) => {
    const call = waiting.get(data.id);
    waiting.delete(data.id);
    if (data.ok) call?.resolve(data.result);
    else call?.reject(new (data.opened ? OperationError : OpeningError)(data.message, data.code));
  };
  worker.onerror = (event) => {
    event.preventDefault(); // Otherwise it ends the process before anybody is told.
    const error = new OperationError(`The database worker died: ${event.message}`, undefined);
    die(error);
    onDeath(error);
  };
  return {
    run<Name extends keyof Table & string>(operation: Name, argument: Argument<Table, Name>) {
      if (dead !== undefined) return Promise.reject(dead);
      const id = nextId++;
      return new Promise<Result<Table, Name>>((resolve, reject) => {
        // The Worker answers `id` with what `operation` returns, which TypeScript can't see across the channel.
        waiting.set(id, { resolve: (result) => resolve(result as Result<Table, Name>), reject });
        worker.postMessage({ id, operation, argument });
      });
    },
    terminate() {
      worker.terminate();
      die(new OperationError("The database worker was stopped", undefined));
    },
  };
}
