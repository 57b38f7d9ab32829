/**
 * The one way in which a collector runs a program: a vendor's tool that alone knows the value (`smartctl`, `zpool` …), seldom.
 *
 * An argument vector and no shell, a fixed environment, nothing on standard input, a deadline, and a bound on what is read.
 */
import type { Clock } from "../lib/clock.ts";

/** What became of a run. */
export type VendorOutcome =
  | { readonly status: "ended"; readonly code: number; readonly stdout: string; readonly stderr: string }
  /** The host has no such program. */
  | { readonly status: "absent" }
  /** It did not end in time, or printed more than is read, and was killed. */
  | { readonly status: "killed"; readonly reason: string };

/** Bounds of a run. */
export interface VendorLimits {
  readonly deadlineMs: number;
  /** Most bytes read from each of standard output and standard error. */
  readonly maxOutputBytes: number;
}

const defaultLimits: VendorLimits = { deadlineMs: 10_000, maxOutputBytes: 4 * 1024 * 1024 };

/** The only folders that programs are looked for in. */
const programFolders = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

/** True when this machine has the program `name` where {@linkcode runVendorCommand} looks for it. */
export function hasVendorProgram(name: string): boolean {
  return programFolders.some((folder) => {
    try {
      return Deno.statSync(`${folder}/${name}`).isFile;
    } catch {
      return false; // An answer: not in this folder.
    }
  });
}

/** A program that runs with its outputs piped. */
export type VendorProgram = ReturnType<Deno.Command["spawn"]>;

/**
 * Starts `argv[0]`, looked for in the system's folders only; `undefined` when the host has no such program. Who starts it kills it.
 *
 * @throws When it is there and can't be started; the message names it.
 */
export function startVendorProgram(
  [program, ...args]: readonly [string, ...string[]],
): VendorProgram | undefined {
  try {
    return new Deno.Command(program, {
      args,
      clearEnv: true,
      env: { PATH: programFolders.join(":"), LC_ALL: "C" },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return undefined;
    throw new Error(`Cannot start ${program}`, { cause });
  }
}

/** Kills a program, unless it has ended. */
export function killVendorProgram(program: VendorProgram): void {
  try {
    program.kill("SIGKILL");
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // It had ended already.
  }
}

/**
 * Runs `argv[0]`, looked for in the system's folders only, with the other elements as its arguments.
 *
 * @throws When it is there and can't be started; the message names it.
 */
export async function runVendorCommand(
  argv: readonly [string, ...string[]],
  clock: Clock,
  limits: Partial<VendorLimits> = {},
): Promise<VendorOutcome> {
  const { deadlineMs, maxOutputBytes } = { ...defaultLimits, ...limits };
  const [program] = argv;
  const child = startVendorProgram(argv);
  if (child === undefined) return { status: "absent" };
  let killedFor: string | undefined;
  const kill = (reason: string) => {
    killedFor ??= reason;
    killVendorProgram(child);
  };
  const cancel = clock.after(deadlineMs, () => kill(`${program} did not end within ${deadlineMs} ms`));
  try {
    const tooMuch = () => kill(`${program} printed more than ${maxOutputBytes} bytes`);
    const [stdout, stderr, { code }] = await Promise.all([
      readBounded(child.stdout, maxOutputBytes, tooMuch),
      readBounded(child.stderr, maxOutputBytes, tooMuch),
      child.status,
    ]);
    return killedFor === undefined
      ? { status: "ended", code, stdout, stderr }
      : { status: "killed", reason: killedFor };
  } finally {
    cancel();
  }
}

async function readBounded(
  stream: ReadableStream<Uint8Array>,
  maxBytes: number,
  tooMuch: () => void,
): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let length = 0;
  for await (const chunk of stream) {
    length += chunk.length;
    if (length > maxBytes) tooMuch();
    else text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
