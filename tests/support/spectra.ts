/** Spectra's programs as child processes: from source, or the executables that `deno task compile` made. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { waitFor } from "./wait.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** How to start the full program and the agent. */
export interface Programs {
  readonly spectra: readonly string[];
  readonly agent: readonly string[];
}

/** From source. */
export const fromSource: Programs = {
  spectra: [Deno.execPath(), "run", "-A", join(root, "main.ts")],
  agent: [Deno.execPath(), "run", "-A", join(root, "main.ts")],
};

/** The executables in `dist/`, when they are there. */
export function compiledPrograms(): Programs | undefined {
  const suffix = Deno.build.os === "windows" ? ".exe" : "";
  const [spectra, agent] = ["spectra", "spectra-agent"].map((name) => join(root, "dist", name + suffix));
  if (spectra === undefined || agent === undefined || !isFile(spectra) || !isFile(agent)) return undefined;
  return { spectra: [spectra], agent: [agent] };
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false; // Not compiled.
  }
}

/** A program that runs, with what it has printed so far. */
export interface Running {
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Sends a signal and waits for the end; the exit code, 128 + signal number where a signal ended it. */
  stop(signal: Deno.Signal): Promise<number>;
  readonly ended: Promise<number>;
}

/** Starts a program with its folder, home and environment its own. */
export function start(command: readonly string[], args: readonly string[], cwd: string): Running {
  const [executable, ...leading] = command;
  if (executable === undefined) throw new Error("no program");
  const child = new Deno.Command(executable, {
    args: [...leading, ...args],
    cwd,
    env: { NO_COLOR: "1", HOSTNAME: "" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const stdout = collect(child.stdout);
  const stderr = collect(child.stderr);
  const ended = Promise.all([child.status, stdout.done, stderr.done]).then(([status]) => status.code);
  return {
    stdout: stdout.text,
    stderr: stderr.text,
    ended,
    stop(signal) {
      try {
        child.kill(signal);
      } catch (error) {
        if (!(error instanceof TypeError)) throw error; // It ended by itself: `ended` has its code.
      }
      return ended;
    },
  };
}

function collect(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): { text: () => string; done: Promise<void> } {
  let text = "";
  const done = (async () => {
    for await (const chunk of stream.pipeThrough(new TextDecoderStream())) text += chunk;
  })();
  return { text: () => text, done };
}

/** A loopback port that was free just now. */
export function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  return port;
}

/** Waits until the server at `url` serves; fails with what the program printed when it ends before. */
export async function waitUntilReady(url: string, program: Running): Promise<void> {
  let code: number | undefined;
  program.ended.then((value) => code = value);
  await waitFor(`${url} serves`, async () => {
    if (code !== undefined) throw new Error(`ended with ${code}:\n${program.stdout()}\n${program.stderr()}`);
    try {
      const response = await fetch(`${url}/readyz`);
      await response.body?.cancel();
      return response.status === 200;
    } catch {
      return false; // Not listening yet.
    }
  });
}
