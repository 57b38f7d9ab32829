/** Runs the command line from source. */
import { fileURLToPath } from "node:url";

/** The full program. */
export const mainPath = fileURLToPath(new URL("../../main.ts", import.meta.url));

/** What a finished run left. */
export interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How it is run. */
export interface RunOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** Program to run instead of the full one, as a path below the checkout. */
  readonly program?: string;
}

/** The command for these arguments. Variables that would configure it are emptied, which is as if they were not set. */
export function command(
  args: readonly string[],
  { environment = {}, program }: RunOptions = {},
): Deno.Command {
  const inherited = Object.keys(Deno.env.toObject()).filter((name) =>
    /^(SPECTRA_|SERVER_NAME$|MASTER_URL$)/.test(name)
  );
  const emptied = Object.fromEntries([...inherited, "HOSTNAME", "NO_COLOR"].map((name) => [name, ""]));
  const path = program === undefined ? mainPath : fileURLToPath(new URL(`../../${program}`, import.meta.url));
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-check", "-A", path, ...args],
    env: { ...emptied, ...environment },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
}

/** Runs it to its end. */
export async function run(args: readonly string[], options?: RunOptions): Promise<Finished> {
  const { code, stdout, stderr } = await command(args, options).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** A run that goes on. */
export interface Running {
  readonly process: Deno.ChildProcess;
  /** What it has written so far. */
  stdout(): string;
  stderr(): string;
  /** Its exit code and all output. */
  readonly finished: Promise<Finished>;
}

/** Starts it; the caller ends it. */
export function start(args: readonly string[], options?: RunOptions): Running {
  const process = command(args, options).spawn();
  const stdout = gather(process.stdout);
  const stderr = gather(process.stderr);
  const finished = Promise.all([process.status, stdout.done, stderr.done]).then(([{ code }]) => ({
    code,
    stdout: stdout.text(),
    stderr: stderr.text(),
  }));
  return { process, stdout: stdout.text, stderr: stderr.text, finished };
}

function gather(stream: ReadableStream<Uint8Array<ArrayBuffer>>): { text(): string; done: Promise<void> } {
  let text = "";
  const done = (async () => {
    for await (const chunk of stream.pipeThrough(new TextDecoderStream())) text += chunk;
  })();
  return { text: () => text, done };
}

/** Runs `use` with an empty directory that is removed afterwards. */
export async function withDirectory(use: (path: string) => Promise<void>): Promise<void> {
  const path = await Deno.makeTempDir({ prefix: "spectra-cli-" });
  try {
    await use(path);
  } finally {
    await Deno.remove(path, { recursive: true });
  }
}
