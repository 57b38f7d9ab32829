/**
 * Tests against real components (Chromium, `df`, an executable of ours …).
 *
 * Where a component is absent its tests are counted as ignored and say which one is missing. `SPECTRA_TEST_REQUIRE`, a
 * comma-separated list of component names, makes them fail instead: CI names what it installed.
 */

/** True when `component` must be there. */
export function isRequired(component: string): boolean {
  const required = (Deno.env.get("SPECTRA_TEST_REQUIRE") ?? "").split(",").map((name) => name.trim());
  return required.includes(component);
}

/** First of `names` that is on the path, as a full path. */
export function findExecutable(...names: string[]): string | undefined {
  const folders = (Deno.env.get("PATH") ?? "").split(Deno.build.os === "windows" ? ";" : ":");
  for (const name of names) {
    for (const folder of folders) {
      const path = `${folder}/${name}`;
      try {
        if (Deno.statSync(path).isFile) return path;
      } catch {
        // Not in this folder.
      }
    }
  }
  return undefined;
}

/** A test that runs only where `component` was found (`path`), and fails where it is required and absent. */
export function componentTest(
  component: string,
  path: string | undefined,
  name: string,
  run: (path: string) => void | Promise<void>,
): void {
  const required = isRequired(component);
  Deno.test({
    name: path === undefined && !required ? `${name} (ignored: ${component} is not installed)` : name,
    ignore: path === undefined && !required,
    async fn() {
      if (path === undefined) {
        throw new Error(`${component} is required by SPECTRA_TEST_REQUIRE and not installed`);
      }
      await run(path);
    },
  });
}
