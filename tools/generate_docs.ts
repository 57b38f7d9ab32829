/**
 * Writes the generated pages below `docs/`, or with `--check` says which are not current.
 *
 *     deno task docs [--check]
 */
import { fileURLToPath } from "node:url";
import { routes } from "../server/routes/mod.ts";
import { metricsSchemaOf, openApiOf } from "../server/routes/openapi.ts";
import { cliMarkdown } from "./cli_markdown.ts";
import { configurationMarkdown } from "./configuration_markdown.ts";
import { metricsMarkdown } from "./metrics_markdown.ts";

/** Every generated file below `docs/`, by name. */
export function generatedDocs(): ReadonlyMap<string, string> {
  return new Map([
    ["metrics.md", metricsMarkdown()],
    ["configuration.md", configurationMarkdown()],
    ["cli.md", cliMarkdown()],
    ["openapi.json", JSON.stringify(openApiOf(routes), null, 2) + "\n"],
    ["envelope.schema.json", JSON.stringify(metricsSchemaOf(), null, 2) + "\n"],
  ]);
}

/** Path of a page. */
export function docPath(name: string): string {
  return fileURLToPath(new URL(`../docs/${name}`, import.meta.url));
}

/** Names of the pages that differ from what the sources give now. */
export async function staleDocs(): Promise<string[]> {
  const stale: string[] = [];
  for (const [name, text] of generatedDocs()) {
    const written = await Deno.readTextFile(docPath(name)).catch(() => undefined);
    if (written?.replaceAll("\r\n", "\n") !== text) stale.push(name);
  }
  return stale;
}

if (import.meta.main) {
  const stale = await staleDocs();
  if (Deno.args.includes("--check")) {
    for (const name of stale) console.error(`docs/${name} is not current: run \`deno task docs\``);
    Deno.exit(stale.length === 0 ? 0 : 1);
  }
  for (const [name, text] of generatedDocs()) await Deno.writeTextFile(docPath(name), text);
  console.error(
    stale.length === 0 ? "docs/ was current" : `wrote ${stale.map((name) => `docs/${name}`).join(", ")}`,
  );
}
