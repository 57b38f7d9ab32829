import assert from "node:assert/strict";
import { judgeResult } from "./result.ts";

const mount = { mountpoint: "/", device: "/dev/vda1", fstype: "ext4" };

Deno.test("judgeResult accepts a payload of its kind and drops unknown fields", () => {
  assert.deepEqual(
    judgeResult("LIST_MOUNTS", { id: "x", type: "LIST_MOUNTS", payload: [{ ...mount, more: 1 }] }),
    {
      status: "done",
      result: [mount],
    },
  );
  assert.deepEqual(judgeResult("RESTART_AGENT", { id: "x", type: "RESTART_AGENT" }), {
    status: "done",
    result: undefined,
  });
});

Deno.test("judgeResult takes the null of a v1 agent for an empty list", () => {
  assert.deepEqual(judgeResult("LIST_MOUNTS", { id: "x", type: "LIST_MOUNTS", payload: null, error: "" }), {
    status: "done",
    result: [],
  });
});

Deno.test("judgeResult fails a command whose payload is not what its kind defines, saying where", () => {
  const cases: [string, unknown, RegExp][] = [
    [
      "LIST_MOUNTS",
      [{ mountpoint: 7, device: "", fstype: "" }],
      /valid LIST_MOUNTS result: 0\.mountpoint: must be string/,
    ],
    ["LIST_MOUNTS", undefined, /must be array/],
    ["LIST_MOUNTS", { __proto__: null, length: 1 }, /must be array/],
    ["NETWORK_DIAG", { action: "connect", ping_results: [{ seq: Number.NaN }] }, /ping_results/],
    ["DISK_USAGE", null, /must be object/],
  ];
  for (const [type, payload, expected] of cases) {
    const ending = judgeResult(type, { id: "x", type, payload });
    assert.equal(ending.status, "failed");
    assert.match(ending.status === "failed" ? ending.error : "", expected);
  }
});

Deno.test("judgeResult fails with the agent's own error, made harmless", () => {
  const error = "unsupported: \u001b[31mFETCH_LOGS\u0000";
  assert.deepEqual(judgeResult("FETCH_LOGS", { id: "x", type: "FETCH_LOGS", error }), {
    status: "failed",
    error: "unsupported: \\x1b[31mFETCH_LOGS\\x00",
  });
});
