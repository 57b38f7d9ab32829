import assert from "node:assert/strict";
import { componentTest, findExecutable } from "../support/component.ts";
import { goldenPath, produce, scenarios } from "./golden.ts";

for (const scenario of scenarios) {
  Deno.test(`spectra says of ${scenario} what it is to say (deno task golden writes it anew)`, async () => {
    const { json, prom } = await produce(scenario);
    assert.deepEqual(JSON.parse(json), JSON.parse(await Deno.readTextFile(goldenPath(scenario, "json"))));
    assert.deepEqual(prom.split("\n"), (await Deno.readTextFile(goldenPath(scenario, "prom"))).split("\n"));
  });

  componentTest(
    "promtool",
    findExecutable("promtool"),
    `promtool can read the golden text of ${scenario}`,
    async (promtool) => {
      using file = await Deno.open(goldenPath(scenario, "prom"));
      const process = new Deno.Command(promtool, {
        args: ["check", "metrics"],
        stdin: "piped",
        stdout: "null",
        stderr: "piped",
      }).spawn();
      await file.readable.pipeTo(process.stdin);
      const { stderr } = await process.output();
      assert.doesNotMatch(new TextDecoder().decode(stderr), /error while linting/);
    },
  );
}
