import assert from "node:assert/strict";
import { hostPath, routeOf } from "./route.ts";

Deno.test("routeOf reads the pages there are", () => {
  assert.deepEqual(routeOf("/"), { page: "hosts" });
  assert.deepEqual(routeOf("/index.html"), { page: "hosts" });
  assert.deepEqual(routeOf("/hosts/abc"), { page: "host", agentId: "abc" });
  assert.deepEqual(routeOf("/hosts/abc/"), { page: "host", agentId: "abc" });
  for (const path of ["/hosts", "/hosts/", "/hosts/a/b", "/other", "/hosts/%"]) {
    assert.deepEqual(routeOf(path), { page: "unknown" }, path);
  }
});

Deno.test("hostPath gives a path that routeOf reads back, whatever the id", () => {
  for (const agentId of ["abc", "a/b", "ü %?#"]) {
    assert.deepEqual(routeOf(hostPath(agentId)), { page: "host", agentId });
  }
});
