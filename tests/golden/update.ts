/** Writes the golden files anew, after a look at the difference: `deno task golden`. */
import { goldenPath, produce, scenarios } from "./golden.ts";

for (const scenario of scenarios) {
  const { json, prom } = await produce(scenario);
  await Deno.writeTextFile(goldenPath(scenario, "json"), json);
  await Deno.writeTextFile(goldenPath(scenario, "prom"), prom);
}
