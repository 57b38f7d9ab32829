import assert from "node:assert/strict";
import { testAgent } from "../../tests/support/agents.ts";
import { fakeClock } from "../../tests/support/fake_clock.ts";
import type { CommandQueue } from "../services.ts";
import { createWatcher } from "./watch.ts";

Deno.test("the watcher asks a host while at least one browser looks, and never lets it end between", async () => {
  const clock = fakeClock();
  const start = clock.now();
  const asked: { at: number; until: number; host: string }[] = [];
  const commands: Pick<CommandQueue, "watch"> = {
    watch(agent, request) {
      assert.deepEqual(request.types, ["cpu", "memory", "disk_io_list", "network_list"]);
      assert.equal(request.intervalSeconds, 1);
      asked.push({ at: clock.now() - start, until: request.untilMs - start, host: agent.hostname });
    },
  };
  const watcher = createWatcher(clock, commands);
  const agent = testAgent();
  watcher.look(agent);
  watcher.look(agent);
  await clock.advance(16_000);
  watcher.leave(agent);
  await clock.advance(16_000);
  watcher.leave(agent);
  watcher.leave(agent);
  await clock.advance(120_000);
  assert.deepEqual(asked, [0, 15_000, 30_000].map((at) => ({ at, until: at + 30_000, host: "web-01" })));
  watcher.look(agent);
  assert.equal(asked.length, 4);
  watcher.close();
  assert.equal(clock.pending, 0);
});
