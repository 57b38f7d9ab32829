/**
 * A vendor's program that prints lines for as long as it runs (`journalctl --follow`): started again when it ends, with a growing
 * pause, and killed when nobody wants it any more.
 */
import type { Clock } from "../lib/clock.ts";
import { sleep } from "../lib/clock.ts";
import { errorChain, logger } from "../lib/log.ts";
import { killVendorProgram, startVendorProgram, type VendorProgram } from "./vendor_command.ts";

const log = logger("collectors", "vendor_stream");

/** What a stream is made of. */
export interface VendorStreamOptions {
  readonly clock: Clock;
  /** Asked at every start: where to go on may have changed. */
  argv(): readonly [string, ...string[]];
  /** Takes a line without its line break. While the promise is open nothing more is read, and the program waits at its pipe. */
  onLine(line: string): void | Promise<void>;
  /** Longest line in bytes; a longer one is passed over. */
  readonly maxLineBytes: number;
  /** Called for each line passed over. */
  onTooLong(): void;
}

/** A stream at work. */
export interface VendorStream {
  /** Why the program does not run now; `undefined` while it does. */
  problem(): string | undefined;
  /** Kills the program; no line comes after this. */
  close(): void;
  /** Resolves when the program has ended for good. */
  readonly ended: Promise<void>;
}

const firstPauseMs = 1_000;
const longestPauseMs = 300_000;
/** A program that ran this long did its work: the pause begins small again. */
const settledMs = 60_000;
const maxErrorBytes = 2_048;

/** Starts following. */
export function followVendorProgram(options: VendorStreamOptions): VendorStream {
  const { clock } = options;
  const closing = new AbortController();
  let program: VendorProgram | undefined;
  let problem: string | undefined;

  async function runOnce(): Promise<string> {
    const argv = options.argv();
    const started = startVendorProgram(argv);
    if (started === undefined) return `${argv[0]} is not installed`;
    program = started;
    problem = undefined;
    const [, complaint, { code, signal }] = await Promise.all([
      readLines(started.stdout, options, closing.signal),
      firstText(started.stderr),
      started.status,
    ]);
    return `${argv[0]} ended with ${signal ?? `code ${code}`}${complaint === "" ? "" : `: ${complaint}`}`;
  }

  async function run(): Promise<void> {
    let pauseMs = firstPauseMs;
    while (!closing.signal.aborted) {
      const startedMs = clock.monotonicMs();
      try {
        problem = await runOnce();
      } catch (error) {
        problem = errorChain(error);
        if (program !== undefined) killVendorProgram(program);
      }
      if (closing.signal.aborted) return;
      pauseMs = clock.monotonicMs() - startedMs >= settledMs ? firstPauseMs : pauseMs;
      log.warning("{problem}; started again in {seconds} s", { problem, seconds: pauseMs / 1_000 });
      await sleep(clock, pauseMs, closing.signal);
      pauseMs = Math.min(longestPauseMs, pauseMs * 2);
    }
  }

  return {
    problem: () => problem,
    close() {
      closing.abort();
      if (program !== undefined) killVendorProgram(program);
    },
    ended: run(),
  };
}

const NEWLINE = 0x0a;

async function readLines(
  stream: ReadableStream<Uint8Array>,
  { onLine, onTooLong, maxLineBytes }: VendorStreamOptions,
  signal: AbortSignal,
): Promise<void> {
  const decoder = new TextDecoder();
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  const takeHeld = (rest: Uint8Array): string | undefined => {
    const text = heldBytes > maxLineBytes
      ? undefined
      : held.map((part) => decoder.decode(part, { stream: true })).join("") + decoder.decode(rest);
    held = [];
    heldBytes = 0;
    return text;
  };
  for await (const chunk of stream) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      heldBytes += end - start;
      const line = takeHeld(chunk.subarray(start, end));
      start = end + 1;
      if (signal.aborted) return;
      if (line === undefined) onTooLong();
      else await onLine(line);
    }
    if (start === chunk.length) continue;
    heldBytes += chunk.length - start;
    if (heldBytes <= maxLineBytes) held.push(chunk.slice(start));
  }
}

/** The beginning of what the program complains about; the rest is read and forgotten, so that it never waits for us. */
async function firstText(stream: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of stream) {
    if (text.length < maxErrorBytes) text += decoder.decode(chunk, { stream: true });
  }
  return text.slice(0, maxErrorBytes).trim();
}
