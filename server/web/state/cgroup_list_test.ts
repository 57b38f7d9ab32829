import assert from "node:assert/strict";
import { groupName, worthwhileGroups } from "./cgroup_list.ts";

Deno.test("worthwhileGroups leaves out what only adds up others, unless there is nothing else", () => {
  const service = { path: "/system.slice/nginx.service", kind: "service" };
  const groups = [{ path: "/system.slice", kind: "slice" }, service, { path: "/x", kind: "group" }, {
    path: "/y",
  }];
  assert.deepEqual(worthwhileGroups(groups), [service]);
  assert.equal(worthwhileGroups(groups.filter((group) => group !== service)).length, 3);
});

Deno.test("groupName is the last part of the path", () => {
  assert.equal(groupName({ path: "/system.slice/nginx.service" }), "nginx.service");
  assert.equal(groupName({ path: "/a/b/" }), "b");
  assert.equal(groupName({ path: "/" }), "/");
  assert.equal(groupName({}), "/");
});
