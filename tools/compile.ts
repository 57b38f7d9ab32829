/**
 * Makes the executables:
 *
 *     deno task compile [--target x86_64-pc-windows-msvc …]
 *
 * `dist/spectra-agent[-os-arch]` and `dist/spectra[-os-arch]`. A compiled program holds everything that is embedded in it in
 * memory, so both are bundled first and carry only what they run: the agent no npm package at all, the full program only
 * those with native modules. `DENO_COMPILER` names another deno to compile with, of the version of `DENORT_BIN`.
 */
import { parseArgs } from "node:util";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The targets of a release: `deno compile` names → how the executable is called. */
const targets: Readonly<Record<string, string>> = {
  "x86_64-unknown-linux-gnu": "linux-x64",
  "aarch64-unknown-linux-gnu": "linux-arm64",
  "x86_64-pc-windows-msvc": "windows-x64",
  "x86_64-apple-darwin": "macos-x64",
  "aarch64-apple-darwin": "macos-arm64",
};

/** Packages that load native modules from their own folder and so can't be bundled. */
const nativePackages = ["@libsql/client"];

/**
 * The agent sleeps most of the time and runs little code seldom, so V8 goes without its optimising compilers and helper threads. With
 * the core collectors that read a quarter less memory and processor time, in one side-by-side run; `bench/agent_cost.ts` tells again.
 */
const agentV8Flags = "--v8-flags=--lite-mode,--single-threaded";

/** Workers are loaded by URL, which bundling does not follow: each is an entry of its own. */
const workers = ["server/storage/writer_worker.ts", "server/history/query_worker.ts"];

const root = fileURLToPath(new URL("..", import.meta.url));
const compiler = Deno.env.get("DENO_COMPILER") ?? Deno.execPath();
const bundles = join("dist", "bundle");

const { values } = parseArgs({ args: Deno.args, options: { target: { type: "string", multiple: true } } });
for (const target of values.target ?? []) {
  if (!(target in targets)) {
    console.error(`Unknown target "${target}". Known: ${Object.keys(targets).join(", ")}`);
    Deno.exit(64);
  }
}

await deno(Deno.execPath(), ["run", "-A", "tools/bundle.ts"]);
await removeFolder(join(root, bundles));
await bundle("agent", ["agent/main.ts"]);
await bundle("spectra", ["main.ts", ...workers]);
await prepareFullProgram();
for (const target of values.target ?? [undefined]) {
  await compile("spectra-agent", target, [
    ...[agentV8Flags, "--no-config", join(bundles, "agent", "main.js")],
  ]);
  const folder = join(bundles, "spectra");
  await compile("spectra", target, [
    ...["--config", join(folder, "deno.json"), "--include", join(folder, "server")],
    ...workers.flatMap((worker) => ["--include", join(folder, basename(worker))]),
    join(folder, "main.js"),
  ]);
}

/** Code splitting keeps what a command imports lazily out of the others' start. */
async function bundle(name: string, entries: readonly string[]): Promise<void> {
  await deno(Deno.execPath(), [
    ...["bundle", "--quiet", "--platform=deno", "--minify", "--code-splitting"],
    ...nativePackages.flatMap((packageName) => ["--external", packageName]),
    ...["--outdir", join(bundles, name), ...entries],
  ]);
}

/**
 * Beside the bundle: where its npm packages come from, and each Worker under the URL that its starter knows, which is relative
 * to the file that the starter was bundled into.
 */
async function prepareFullProgram(): Promise<void> {
  const folder = join(root, bundles, "spectra");
  const { imports, unstable } = JSON.parse(await Deno.readTextFile(join(root, "deno.json")));
  const native = Object.fromEntries(nativePackages.map((name) => [name, imports[name]]));
  await Deno.writeTextFile(
    join(folder, "deno.json"),
    JSON.stringify({ nodeModulesDir: "none", unstable, imports: native }),
  );
  await Deno.copyFile(join(root, "deno.lock"), join(folder, "deno.lock"));
  for (const worker of workers) {
    await Deno.writeTextFile(join(folder, basename(worker)), `import "./${worker.replace(/ts$/, "js")}";\n`);
  }
}

async function removeFolder(path: string): Promise<void> {
  await Deno.remove(path, { recursive: true }).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
}

async function compile(name: string, target: string | undefined, entry: readonly string[]): Promise<void> {
  const system = target === undefined ? undefined : targets[target];
  const output = join("dist", system === undefined ? name : `${name}-${system}`);
  await deno(compiler, [
    "compile",
    "--quiet",
    "-A",
    "--no-check",
    // The code cache would lie in a predictable place below /tmp: not for a program that runs as root.
    "--no-code-cache",
    ...(target === undefined ? [] : ["--target", target]),
    "--output",
    output,
    ...entry,
  ]);
  const file = [output, `${output}.exe`].map((path) => join(root, path)).find((path) =>
    sizeOf(path) !== undefined
  );
  if (file === undefined) throw new Error(`deno compile made no ${output}`);
  console.error(`${file.slice(root.length)}  ${((sizeOf(file) ?? 0) / 1e6).toFixed(1)} MB`);
}

function sizeOf(path: string): number | undefined {
  try {
    return Deno.statSync(path).size;
  } catch {
    return undefined; // The other name of the two that an executable can have.
  }
}

async function deno(executable: string, args: readonly string[]): Promise<void> {
  const { success, code } = await new Deno.Command(executable, { args: [...args], cwd: root }).spawn().status;
  if (!success) {
    console.error(`${executable} ${args.join(" ")} ended with ${code}`);
    Deno.exit(1);
  }
}
