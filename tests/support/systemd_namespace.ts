/** A real systemd to test against, in namespaces of its own: see `systemd_namespace.sh`. */
import { fileURLToPath } from "node:url";
import { findExecutable } from "./component.ts";
import { waitFor } from "./wait.ts";

/** A running systemd. */
export interface SystemdNamespace extends AsyncDisposable {
  /** Its root file system, as this process reaches it. */
  readonly root: string;
  /** Runs a program inside; its standard output. */
  run(...argv: string[]): Promise<string>;
}

const script = fileURLToPath(new URL("systemd_namespace.sh", import.meta.url));

/** The `unshare` to boot systemd with; `undefined` where there is no systemd, or this process may make no namespaces. */
export function findSystemd(): string | undefined {
  const unshare = Deno.build.os === "linux" ? findExecutable("unshare") : undefined;
  if (
    unshare === undefined || findExecutable("systemctl") === undefined ||
    findExecutable("dbus-daemon") === undefined
  ) {
    return undefined;
  }
  const args = ["--pid", "--fork", "--mount", "--cgroup", "true"];
  return new Deno.Command(unshare, { args, stderr: "null" }).outputSync().success ? unshare : undefined;
}

/** Boots systemd with `units` (contents of unit files by name), all of them started, and a bus daemon. */
export async function bootSystemd(units: Readonly<Record<string, string>>): Promise<SystemdNamespace> {
  const folder = Deno.makeTempDirSync({ prefix: "spectra-systemd-" });
  Deno.mkdirSync(`${folder}/work`);
  Deno.mkdirSync(`${folder}/units/spectra.target.wants`, { recursive: true });
  Deno.writeTextFileSync(`${folder}/units/spectra.target`, "[Unit]\nWants=basic.target dbus.socket\n");
  for (const [name, contents] of Object.entries(units)) {
    Deno.writeTextFileSync(`${folder}/units/${name}`, contents);
    Deno.symlinkSync(`../${name}`, `${folder}/units/spectra.target.wants/${name}`);
  }
  const child = new Deno.Command(script, {
    args: [`${folder}/work`, `${folder}/units`],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const stderr = new Response(child.stderr).text();
  const reader = child.stdout.getReader();
  const pid = new TextDecoder().decode((await reader.read()).value).trim();
  const end = async () => {
    child.kill("SIGTERM");
    await child.status;
    await reader.cancel();
    await stderr;
    Deno.removeSync(folder, { recursive: true });
  };
  if (!/^\d+$/.test(pid)) {
    const said = await stderr;
    await end();
    throw new Error(`systemd did not boot: ${said}`);
  }
  const run = async (...argv: string[]) => {
    const { stdout } = await new Deno.Command("nsenter", {
      args: ["--target", pid, "--all", ...argv],
      stderr: "null",
    })
      .output();
    return new TextDecoder().decode(stdout);
  };
  await waitFor(
    "systemd is up",
    async () => /^(running|degraded)$/m.test(await run("systemctl", "is-system-running")),
  );
  return { root: `/proc/${pid}/root`, run, [Symbol.asyncDispose]: end };
}
