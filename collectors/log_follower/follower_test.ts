import assert from "node:assert/strict";
import fc from "fast-check";
import { type FileFollower, followFiles } from "./follower.ts";
import type { FilePosition } from "./positions.ts";
import { takeLines } from "./take.ts";

/** A folder of logs with one reader, which a test restarts. */
interface Bench extends AsyncDisposable {
  readonly folder: string;
  readonly lines: string[];
  append(name: string, text: string): void;
  read(): Promise<void>;
  /** Whether a reading has time to go on. */
  setTime(hasTime: boolean): void;
  /** Ends the reader and starts another where it stopped. */
  restart(): void;
  follower(): FileFollower;
}

function bench(pattern: string, history: "followed before" | "never followed" = "followed before"): Bench {
  const folder = Deno.makeTempDirSync({ prefix: "spectra-logs-" });
  const lines: string[] = [];
  const state = { hasTime: true };
  const buffer = new Uint8Array(256 * 1024);
  const start = (positions: readonly FilePosition[] | undefined) =>
    followFiles({
      pattern,
      root: (path) => folder + path,
      saved: positions,
      take: takeLines((line) => lines.push(line)),
      buffer,
      mayGoOn: () => state.hasTime,
    });
  let follower = start(history === "never followed" ? undefined : []);
  return {
    folder,
    lines,
    setTime: (hasTime) => state.hasTime = hasTime,
    append: (name, text) => Deno.writeTextFileSync(`${folder}/${name}`, text, { append: true }),
    read: () => follower.read(),
    restart() {
      const positions: FilePosition[] = JSON.parse(JSON.stringify(follower.positions()));
      follower.close();
      follower = start(positions);
    },
    follower: () => follower,
    async [Symbol.asyncDispose]() {
      follower.close();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

Deno.test("followFiles begins at the end of a file that was never followed, and inside a line with the next", async () => {
  await using logs = bench("/app.log", "never followed");
  logs.append("app.log", "old\nhalf of ");
  await logs.read();
  logs.append("app.log", "a line\nnew\n");
  await logs.read();
  assert.deepEqual(logs.lines, ["new"]);
});

Deno.test("followFiles reads a file from its start when it appears later", async () => {
  await using logs = bench("/*.log", "never followed");
  await logs.read();
  logs.append("b.log", "one\n");
  await logs.read();
  assert.deepEqual(logs.lines, ["one"]);
});

Deno.test("followFiles holds a line until its line break comes, and until its file is finished", async () => {
  await using logs = bench("/app.log");
  logs.append("app.log", "one\ntw");
  await logs.read();
  assert.deepEqual(logs.lines, ["one"]);
  logs.append("app.log", "o\nthree");
  await logs.read();
  assert.deepEqual(logs.lines, ["one", "two"]);
  Deno.renameSync(`${logs.folder}/app.log`, `${logs.folder}/app.log.1`);
  logs.append("app.log", "four\n");
  for (let reading = 0; reading < 4; reading++) await logs.read();
  assert.deepEqual(logs.lines, ["one", "two", "four", "three"]);
  assert.equal(logs.follower().positions()?.length, 1, "the rotated file is closed");
});

Deno.test("followFiles goes on with a renamed file that its writer has not let go of", async () => {
  await using logs = bench("/app.log");
  logs.append("app.log", "one\n");
  await logs.read();
  Deno.renameSync(`${logs.folder}/app.log`, `${logs.folder}/app.log.1`);
  logs.append("app.log", "new\n");
  await logs.read();
  logs.append("app.log.1", "late\n");
  await logs.read();
  assert.deepEqual(logs.lines, ["one", "new", "late"]);
});

Deno.test("followFiles leaves what it has no time for to the next reading, of a rotated file too", async () => {
  await using logs = bench("/app.log");
  logs.append("app.log", "one\n");
  await logs.read();
  logs.append("app.log", "two\nthree");
  Deno.renameSync(`${logs.folder}/app.log`, `${logs.folder}/app.log.1`);
  logs.setTime(false);
  for (let reading = 0; reading < 5; reading++) await logs.read();
  assert.deepEqual(logs.lines, ["one"]);
  assert.equal(logs.follower().lagBytes(), 9);
  logs.setTime(true);
  for (let reading = 0; reading < 4; reading++) await logs.read();
  assert.deepEqual(logs.lines, ["one", "two", "three"]);
});

Deno.test("followFiles reads a truncated file from its start, and what was left of it from the copy beside it", async () => {
  await using logs = bench("/app.log");
  logs.append("app.log", `${"first ".repeat(10)}\n`);
  await logs.read();
  logs.append("app.log", "unread\n");
  Deno.copyFileSync(`${logs.folder}/app.log`, `${logs.folder}/app.log.1`);
  Deno.truncateSync(`${logs.folder}/app.log`);
  logs.append("app.log", "after\n");
  await logs.read();
  assert.deepEqual(logs.lines.slice(1).sort(), ["after", "unread"]);
});

Deno.test("followFiles notices a truncated file that has grown past its position again", async () => {
  await using logs = bench("/app.log");
  logs.append("app.log", "one\n");
  await logs.read();
  Deno.truncateSync(`${logs.folder}/app.log`);
  logs.append("app.log", "another line that is longer\n");
  await logs.read();
  assert.deepEqual(logs.lines, ["one", "another line that is longer"]);
});

Deno.test("followFiles does not read a rotated file again that its pattern names too", async () => {
  await using logs = bench("/app.log*");
  logs.append("app.log", `${"first ".repeat(10)}\n`);
  await logs.read();
  Deno.renameSync(`${logs.folder}/app.log`, `${logs.folder}/app.log.1`);
  logs.append("app.log", "second\n");
  await logs.read();
  logs.restart();
  await logs.read();
  Deno.writeFileSync(`${logs.folder}/app.log.2.gz`, new Uint8Array([31, 139, 8, 0, 10]));
  await logs.read();
  assert.deepEqual(logs.lines.slice(1), ["second"]);
});

Deno.test("followFiles reads what was rotated away while it was not running, in order", async () => {
  await using logs = bench("/app.log");
  logs.append("app.log", "one\n");
  await logs.read();
  logs.append("app.log", "two\n");
  Deno.renameSync(`${logs.folder}/app.log`, `${logs.folder}/app.log.2`);
  logs.append("app.log.1", "three\n");
  logs.append("app.log", "four\n");
  logs.restart();
  await logs.read();
  assert.deepEqual(logs.lines, ["one", "two", "three", "four"]);
});

Deno.test("followFiles passes over a link that leads nowhere, and reads the others", async () => {
  await using logs = bench("/*.log");
  logs.append("a.log", "");
  logs.append("b.log", "line\n");
  Deno.removeSync(`${logs.folder}/a.log`);
  Deno.symlinkSync("a.log", `${logs.folder}/a.log`); // A link to itself can't be opened.
  await logs.read();
  assert.deepEqual(logs.lines, ["line"]);
});

Deno.test("followFiles gives every line exactly once across appends, rotations and restarts", async () => {
  const step = fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({ kind: fc.constant("append" as const), count: fc.integer({ min: 1, max: 5 }) }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("part" as const) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("rotate" as const) }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant("read" as const) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("restart" as const) }) },
  );
  const scenario = fc.record({
    pattern: fc.constantFrom("/app.log", "/app.log*"),
    steps: fc.array(step, { maxLength: 40 }),
  });
  await fc.assert(
    fc.asyncProperty(scenario, async ({ pattern, steps }) => {
      await using logs = bench(pattern);
      const written: string[] = [];
      let rotations = 0;
      let isPart = false;
      const name = (number: number) => `${logs.folder}/app.log${number === 0 ? "" : `.${number}`}`;
      const append = (ending: string) => {
        if (!isPart) written.push(`line ${written.length}`);
        logs.append("app.log", isPart ? ` goes on${ending}` : `${written.at(-1)}${ending}`);
        if (isPart) written.push(`${written.pop()} goes on`);
        isPart = ending === "";
      };
      logs.append("app.log", "");
      await logs.read();
      for (const { kind, ...rest } of steps) {
        if (kind === "append" && "count" in rest) {
          for (let line = 0; line < rest.count; line++) append("\n");
        } else if (kind === "part") append("");
        else if (kind === "read") await logs.read();
        else if (kind === "restart") logs.restart();
        else if (written.length > 0) {
          if (isPart) append("\n");
          // An empty file is rotated as any other.
          for (let number = rotations; number >= 0; number--) {
            try {
              Deno.renameSync(name(number), name(number + 1));
            } catch (error) {
              if (!(error instanceof Deno.errors.NotFound)) throw error;
            }
          }
          rotations++;
          logs.append("app.log", "");
        }
      }
      if (isPart) append("\n");
      for (let reading = 0; reading < 5; reading++) await logs.read();
      assert.deepEqual(logs.lines.toSorted(), written.toSorted());
    }),
    { numRuns: 150 },
  );
});
