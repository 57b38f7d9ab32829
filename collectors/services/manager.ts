/** systemd's manager, asked over D-Bus. */
import type { Clock } from "../../lib/clock.ts";
import { withDeadline } from "../../lib/clock.ts";
import { connectDbus, type DbusConnection, type DbusReply } from "../../lib/dbus/connection.ts";
import { bodyOf, type DbusCall } from "../../lib/dbus/message.ts";
import type { DbusValue } from "../../lib/dbus/values.ts";
import { getProperty } from "./properties.ts";
import type { ManagerSocket } from "./sockets.ts";
import { type Unit, unitListSignature, unitsOf } from "./unit.ts";

/** How long one exchange may take. */
const exchangeMs = 3_000;

/** Calls in flight: the bus daemon allows a connection 128. */
const callsAtOnce = 100;

const managerPath = "/org/freedesktop/systemd1";
const managerInterface = "org.freedesktop.systemd1.Manager";

/** An open connection to systemd. */
export interface Manager {
  units(): Promise<Unit[]>;
  /** `running`, `degraded` …, and how many units have failed; what an old systemd does not tell is absent. */
  state(): Promise<{ readonly system?: string; readonly failedUnits?: number }>;
  /** The properties asked for, in order; `undefined` for one that cannot be had (the unit has gone, or has no such property). */
  properties(calls: readonly DbusCall[]): Promise<(DbusValue | undefined)[]>;
  close(): void;
}

/**
 * Connects to systemd. Every exchange has a deadline; one that misses it closes the connection, as does `closing` at any time.
 *
 * @throws When it cannot be reached; the message names the socket.
 */
export async function connectManager(
  socket: ManagerSocket,
  clock: Clock,
  closing: AbortSignal,
): Promise<Manager> {
  const controller = new AbortController();
  const ending = AbortSignal.any([controller.signal, closing]);
  async function timely<T>(work: Promise<T>): Promise<T> {
    try {
      return await withDeadline(clock, exchangeMs, `systemd at ${socket.path}`, work);
    } catch (error) {
      controller.abort();
      throw error;
    }
  }
  const connection = await timely(connectDbus(socket.path, ending));
  const destination = socket.isBus ? { destination: "org.freedesktop.systemd1" } : {};
  const ask = (calls: readonly DbusCall[]) =>
    timely(connection.call(calls.map((call) => ({ ...destination, ...call }))));
  if (socket.isBus) await timely(greet(connection));

  const manager: Manager = {
    async units() {
      const [reply] = await ask([{ path: managerPath, interface: managerInterface, member: "ListUnits" }]);
      if (reply?.status !== "ok") throw new Error(`systemd does not list its units: ${refusal(reply)}`);
      return unitsOf(bodyOf(reply.message, unitListSignature)[0]);
    },
    async state() {
      const [system, failedUnits] = await manager.properties([
        getProperty(managerPath, managerInterface, "SystemState"),
        getProperty(managerPath, managerInterface, "NFailedUnits"),
      ]);
      return {
        ...(typeof system === "string" ? { system: system.slice(0, 1024) } : {}),
        ...(typeof failedUnits === "number" ? { failedUnits } : {}),
      };
    },
    async properties(calls) {
      const values: (DbusValue | undefined)[] = [];
      for (let at = 0; at < calls.length; at += callsAtOnce) {
        for (const reply of await ask(calls.slice(at, at + callsAtOnce))) {
          values.push(reply.status === "ok" ? bodyOf(reply.message, "v")[0] : undefined);
        }
      }
      return values;
    },
    close: () => controller.abort(),
  };
  return manager;
}

/** The bus daemon serves nobody who has not said this. */
async function greet(connection: DbusConnection): Promise<void> {
  const bus = "org.freedesktop.DBus";
  const [reply] = await connection.call([
    { destination: bus, path: "/org/freedesktop/DBus", interface: bus, member: "Hello" },
  ]);
  if (reply?.status !== "ok") throw new Error(`The bus daemon does not serve us: ${refusal(reply)}`);
}

function refusal(reply: DbusReply | undefined): string {
  return reply?.status === "error" ? `${reply.name}: ${reply.text}` : "no reply";
}
