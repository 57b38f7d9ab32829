/** Collectors for tests of what runs them. */
import type { Collector, CollectorDefinition, Host } from "../../collectors/collector.ts";
import { hostFs } from "../../lib/host_fs.ts";
import type { FakeClock } from "./fake_clock.ts";

/** A host whose time a test moves. */
export function fakeHost(clock: FakeClock): Host {
  return { os: "linux", fs: hostFs(), clock };
}

/** A definition of a collector of `cpu` with what a test cares about. */
export function fakeDefinition(
  name: string,
  collect: Collector["collect"],
  rest: Partial<CollectorDefinition> & { readonly close?: () => void } = {},
): CollectorDefinition {
  const { close = () => {}, ...definition } = rest;
  return {
    name,
    summary: name,
    types: ["cpu"],
    intervalSeconds: 5,
    deadlineMs: 2_000,
    detect: () => ({ status: "available" }),
    create: () => ({ collect, close }),
    ...definition,
  };
}
