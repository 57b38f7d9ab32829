/**
 * Which properties of a unit are asked for, and what becomes of them (org.freedesktop.systemd1(5)).
 *
 * Single properties, not `GetAll`: systemd needs a sixth of the time for the five of a running service, because most of the 400 that
 * `GetAll` brings are read from files.
 */
import type { DbusCall } from "../../lib/dbus/message.ts";
import type { DbusValue } from "../../lib/dbus/values.ts";
import type { Service, Unit } from "./unit.ts";
import { typeOf } from "./unit.ts";

/** One property of one unit: how to ask, and where the answer goes. */
export interface Question {
  readonly call: DbusCall;
  /** Notes the answer in the unit's entry; a value that says "not known" leaves it as it is. */
  note(service: Service, value: DbusValue): void;
}

const prefix = "org.freedesktop.systemd1";

/** Types of units that have processes, and the interface with their figures. */
const interfaces: Readonly<Record<string, string>> = {
  service: `${prefix}.Service`,
  socket: `${prefix}.Socket`,
  mount: `${prefix}.Mount`,
  swap: `${prefix}.Swap`,
  slice: `${prefix}.Slice`,
  scope: `${prefix}.Scope`,
};

/** The timestamp at which a unit entered each state; an inactive unit's is not asked for. */
const sinceProperty: Readonly<Record<string, string>> = {
  active: "ActiveEnterTimestamp",
  reloading: "ActiveEnterTimestamp",
  refreshing: "ActiveEnterTimestamp",
  activating: "InactiveExitTimestamp",
  deactivating: "ActiveExitTimestamp",
  failed: "InactiveEnterTimestamp",
};

/** A number that is known: systemd answers 2^64 - 1 for "not set". */
function known(value: DbusValue): number | undefined {
  return typeof value === "number" && value >= 0 && value < 2 ** 63 ? value : undefined;
}

function bounded(value: DbusValue): string | undefined {
  return typeof value === "string" && value !== "" ? value.slice(0, 1024) : undefined;
}

/** A call for one property of an object. */
export function getProperty(path: string, of: string, property: string): DbusCall {
  return { path, interface: "org.freedesktop.DBus.Properties", member: "Get", args: [of, property] };
}

/** Questions about what changes while a unit is up, or why it is not; none about an inactive unit. */
export function questionsAbout({ name, activeState, objectPath }: Unit): Question[] {
  const questions: Question[] = [];
  const since = sinceProperty[activeState];
  if (objectPath === undefined || since === undefined) return questions;
  const ask = (of: string, property: string, note: Question["note"]) =>
    questions.push({ call: getProperty(objectPath, of, property), note });

  ask(`${prefix}.Unit`, since, (service, value) => {
    const microseconds = known(value);
    if (microseconds !== undefined && microseconds > 0) service.since = microseconds / 1e6;
  });
  const type = typeOf(name);
  const figures = interfaces[type];
  if (figures !== undefined && activeState !== "failed") {
    ask(figures, "MemoryCurrent", (service, value) => {
      const bytes = known(value);
      if (bytes !== undefined) service.memory_bytes = bytes;
    });
    ask(figures, "CPUUsageNSec", (service, value) => {
      const nanoseconds = known(value);
      if (nanoseconds !== undefined) service.cpu_seconds = nanoseconds / 1e9;
    });
    ask(figures, "TasksCurrent", (service, value) => {
      const tasks = known(value);
      if (tasks !== undefined) service.tasks = tasks;
    });
  }
  if (type !== "service") return questions;
  ask(`${prefix}.Service`, "NRestarts", (service, value) => {
    const restarts = known(value);
    if (restarts !== undefined) service.restarts = restarts;
  });
  if (since === "ActiveEnterTimestamp") return questions;
  ask(`${prefix}.Service`, "Result", (service, value) => {
    const result = bounded(value);
    if (result !== undefined && result !== "success") service.result = result;
  });
  ask(`${prefix}.Service`, "ExecMainStatus", (service, value) => {
    const status = known(value);
    if (status !== undefined) service.exit_status = status;
  });
  return questions;
}

/** The question whether a unit starts at boot. */
export function enabledQuestion(objectPath: string): Question {
  return {
    call: getProperty(objectPath, `${prefix}.Unit`, "UnitFileState"),
    note(service, value) {
      const state = bounded(value);
      if (state !== undefined) service.enabled_state = state;
    },
  };
}
