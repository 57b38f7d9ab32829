import assert from "node:assert/strict";
import type { CollectorDefinition } from "../../collectors/collector.ts";
import { CommandError } from "../exit_codes.ts";
import { selectTypes } from "./collect.ts";

const common = {
  summary: "",
  intervalSeconds: 5,
  deadlineMs: 1000,
  detect: () => ({ status: "available" } as const),
  create: () => ({ collect: () => [] }),
};
const definitions: readonly CollectorDefinition[] = [
  { ...common, name: "cpu", types: ["cpu"] },
  { ...common, name: "disk", types: ["disk_list"] },
  { ...common, name: "sockets", types: ["tcp", "udp", "sockets"] },
];

for (
  const [names, types] of [
    [["cpu"], ["cpu"]],
    [["disk"], ["disk_list"]],
    [["disk_list"], ["disk_list"]],
    [["sockets"], ["tcp", "udp", "sockets"]],
    [["tcp", "cpu"], ["tcp", "cpu"]],
  ] as const
) {
  Deno.test(`selectTypes gives ${types.join(", ")} for ${names.join(", ")}`, () => {
    assert.deepEqual(selectTypes(definitions, names), types);
  });
}

for (const name of ["cup", "gpu", "__proto__", ""]) {
  Deno.test(`selectTypes refuses "${name}" with a list of what there is`, () => {
    assert.throws(() => selectTypes(definitions, [name]), (error) => {
      assert.ok(error instanceof CommandError);
      assert.equal(error.exitCode, 64);
      assert.match(error.message, /there are cpu, disk, disk_list, sockets, tcp, udp/);
      return true;
    });
  });
}
