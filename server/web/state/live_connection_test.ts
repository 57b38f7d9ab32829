import assert from "node:assert/strict";
import { fakeClock } from "../../../tests/support/fake_clock.ts";
import { type EventStream, liveConnection, silenceLimitMs } from "./live_connection.ts";

class FakeStream implements EventStream {
  readyState = 0;
  onopen: ((event: Event) => void) | null = null;
  onerror: ((event: Event) => void) | null = null;
  readonly #listeners = new Map<string, (event: MessageEvent<string>) => void>();
  constructor(readonly url: string) {}
  addEventListener(type: string, listener: (event: MessageEvent<string>) => void) {
    this.#listeners.set(type, listener);
  }
  close() {
    this.readyState = 2;
  }
  emit(type: string, data: unknown) {
    this.#listeners.get(type)?.(new MessageEvent(type, { data: JSON.stringify(data) }));
  }
  opened() {
    this.readyState = 1;
    this.onopen?.(new Event("open"));
  }
  cut(readyState: 0 | 2) {
    this.readyState = readyState;
    this.onerror?.(new Event("error"));
  }
}

function setUp() {
  const clock = fakeClock();
  const streams: FakeStream[] = [];
  const told: string[] = [];
  const connection = liveConnection({
    open(url) {
      const stream = new FakeStream(url);
      streams.push(stream);
      return stream;
    },
    after: clock.after,
    random: () => 1,
  }, {
    state: (state) => told.push(state),
    snapshot: ({ hosts }) => told.push(`snapshot ${hosts.length}`),
    host: ({ hostname }) => told.push(`host ${hostname}`),
    removed: ({ agent_id: agentId }) => told.push(`removed ${agentId}`),
    samples: ({ at }) => told.push(`samples ${at}`),
    refused: () => told.push("refused"),
  });
  const newest = () => {
    const stream = streams.at(-1);
    assert.ok(stream);
    return stream;
  };
  return { clock, streams, told, connection, newest };
}

Deno.test("liveConnection delivers each kind of event and says that it is live", () => {
  const { connection, newest, told } = setUp();
  connection.follow("a b");
  assert.equal(newest().url, "/api/v1/live?agent_id=a%20b");
  newest().opened();
  newest().emit("snapshot", { server_time: "", hosts: [] });
  newest().emit("host", { hostname: "web-1" });
  newest().emit("samples", { at: 7, values: {} });
  newest().emit("removed", { agent_id: "a" });
  assert.deepEqual(told, ["live", "snapshot 0", "host web-1", "samples 7", "removed a"]);
  connection.close();
});

Deno.test("liveConnection keeps the stream when the same host is followed, opens another for another host", () => {
  const { connection, newest, streams, told } = setUp();
  connection.follow(undefined);
  connection.follow(undefined);
  assert.equal(streams.length, 1);
  const first = newest();
  connection.follow("b");
  assert.equal(streams.length, 2);
  assert.equal(first.readyState, 2);
  first.emit("host", { hostname: "late" });
  assert.deepEqual(told, [], "what a replaced stream delivers late is ignored");
  connection.close();
});

Deno.test("liveConnection leaves retrying to the browser when it does so", async () => {
  const { clock, connection, newest, streams, told } = setUp();
  connection.follow(undefined);
  newest().opened();
  newest().cut(0);
  await clock.advance(60_000);
  assert.equal(streams.length, 1);
  newest().opened();
  assert.deepEqual(told, ["live", "lost", "live"]);
  connection.close();
});

Deno.test("liveConnection reconnects with growing waits when the browser gave up", async () => {
  const { clock, connection, newest, streams, told } = setUp();
  connection.follow("x");
  for (const [index, wait] of [1000, 2000, 4000].entries()) {
    newest().cut(2);
    await clock.advance(wait - 1);
    assert.equal(streams.length, index + 1);
    await clock.advance(1);
    assert.equal(streams.length, index + 2);
  }
  assert.deepEqual(told, ["lost", "refused", "refused", "refused"]);
  newest().opened();
  newest().cut(2);
  await clock.advance(1000);
  assert.equal(streams.length, 5, "a connection that came back begins anew with the shortest wait");
  assert.equal(newest().url, "/api/v1/live?agent_id=x");
  connection.close();
  assert.equal(clock.pending, 0);
});

Deno.test("liveConnection makes a fresh connection when the stream was silent for too long", async () => {
  const { clock, connection, newest, streams } = setUp();
  connection.follow(undefined);
  newest().opened();
  await clock.advance(silenceLimitMs - 1);
  newest().emit("host", { hostname: "web-1" });
  await clock.advance(silenceLimitMs - 1);
  assert.equal(streams.length, 1);
  await clock.advance(1);
  assert.equal(streams.length, 2);
  connection.close();
});

Deno.test("liveConnection closes while paused and comes back on resume", async () => {
  const { clock, connection, newest, streams, told } = setUp();
  connection.follow("x");
  newest().opened();
  connection.pause();
  assert.equal(newest().readyState, 2);
  await clock.advance(600_000);
  assert.equal(streams.length, 1);
  connection.resume();
  newest().opened();
  connection.resume();
  assert.equal(streams.length, 2);
  assert.deepEqual(told, ["live", "paused", "connecting", "live"]);
  connection.close();
});
