/** Lists the services of a Linux host that runs systemd. */
import { globAllows } from "../../lib/glob.ts";
import { errorChain, logger } from "../../lib/log.ts";
import type { Measurement, MetricData } from "../../protocol/metrics/mod.ts";
import type { Collector, Host } from "../collector.ts";
import { connectManager, type Manager } from "./manager.ts";
import { enabledQuestion, type Question, questionsAbout } from "./properties.ts";
import type { ServicesSettings } from "./settings.ts";
import { managerSockets } from "./sockets.ts";
import { listBySystemctl } from "./systemctl.ts";
import { type Service, serviceOf, typeOf, type Unit } from "./unit.ts";

const log = logger("collectors", "services");

/** Most units in the list, and of them most whose properties are asked for. What has failed comes first, then what is up. */
const most = { listed: 5_000, asked: 1_000 } as const;

/** How long it is believed whether a unit starts at boot. */
const enabledForMs = 600_000;

type ServiceList = MetricData<"service_list">;

/**
 * `service_list` from systemd over D-Bus, or names and states alone from `systemctl`.
 *
 * The connection lives for one collection. systemd sends every change of every unit to whoever is connected to its own socket:
 * between collections that would be work for both, and for nothing.
 */
export function linuxServices(host: Host, settings: ServicesSettings): Collector {
  const enabled = new Map<string, Pick<Service, "enabled_state">>();
  let forgetEnabledAt = 0;
  const closing = new AbortController();
  let usesSystemctl = false;

  /** The units that are wanted, most important first. */
  function choose(units: readonly Unit[]): Unit[] {
    const { include, exclude, types } = settings;
    return units
      .filter(({ name }) => types.includes(typeOf(name)) && globAllows(name, include, exclude))
      .sort((one, other) => rank(one) - rank(other) || (one.name < other.name ? -1 : 1))
      .slice(0, most.listed);
  }

  async function describe(
    units: readonly Unit[],
    services: readonly Service[],
    from: Manager,
  ): Promise<void> {
    const asked: { service: Service; question: Question }[] = [];
    units.slice(0, most.asked).forEach((unit, index) => {
      const service = services[index];
      if (service === undefined) return;
      for (const question of questionsAbout(unit)) asked.push({ service, question });
    });
    const values = await from.properties(asked.map(({ question }) => question.call));
    asked.forEach(({ service, question }, index) => {
      const value = values[index];
      if (value !== undefined) question.note(service, value);
    });
  }

  /** Whether units start at boot seldom changes, and is asked for all of them: it is remembered. */
  async function addEnabled(
    units: readonly Unit[],
    services: readonly Service[],
    from: Manager,
  ): Promise<void> {
    if (host.clock.monotonicMs() >= forgetEnabledAt) {
      enabled.clear();
      forgetEnabledAt = host.clock.monotonicMs() + enabledForMs;
    }
    const unknown = units.flatMap(({ name, loadState, objectPath }) =>
      objectPath === undefined || loadState === "not-found" || enabled.has(name)
        ? []
        : [{ name, ...enabledQuestion(objectPath) }]
    ).slice(0, most.asked);
    const values = await from.properties(unknown.map(({ call }) => call));
    unknown.forEach(({ name, note }, index) => {
      const answer: Service = { name };
      const value = values[index];
      if (value !== undefined) note(answer, value);
      enabled.set(name, answer);
    });
    for (const service of services) {
      const state = enabled.get(service.name)?.enabled_state;
      if (state !== undefined) service.enabled_state = state;
    }
  }

  async function readByDbus(): Promise<ServiceList> {
    const manager = await connectFirst(host, closing.signal);
    try {
      const units = choose(await manager.units());
      const services = units.map(serviceOf);
      await describe(units, services, manager);
      await addEnabled(units, services, manager);
      const { system, failedUnits } = await manager.state();
      return {
        ...listOf(services),
        ...(system === undefined
          ? {}
          : { system_state: system, system_running: system === "running" ? 1 : 0 }),
        ...(failedUnits === undefined ? {} : { units_failed: failedUnits }),
      };
    } finally {
      manager.close();
    }
  }

  async function read(): Promise<ServiceList> {
    try {
      const list = await readByDbus();
      usesSystemctl = false;
      return list;
    } catch (error) {
      // Of a mounted tree systemctl would not tell, but of this machine.
      if (host.fs.redirected || closing.signal.aborted) throw error;
      if (!usesSystemctl) log.warning("Services come from systemctl, without figures: {error}", { error });
      usesSystemctl = true;
      try {
        return listOf(choose(await listBySystemctl(settings.types, host.clock)).map(serviceOf));
      } catch (cause) {
        throw new Error(`${errorChain(error)}; nor does systemctl help`, { cause });
      }
    }
  }

  return {
    collect: async (): Promise<Measurement[]> => [{ type: "service_list", data: await read() }],
    close: () => closing.abort(),
  };
}

/** Connects to the first socket where systemd answers. */
async function connectFirst(host: Host, closing: AbortSignal): Promise<Manager> {
  const reasons: string[] = [];
  for (const socket of managerSockets(host.fs)) {
    try {
      return await connectManager(socket, host.clock, closing);
    } catch (error) {
      reasons.push(errorChain(error));
    }
  }
  throw new Error(`systemd does not answer: ${reasons.join("; ")}`);
}

function rank({ activeState }: Unit): number {
  if (activeState === "failed") return 0;
  return activeState === "inactive" ? 2 : 1;
}

function listOf(services: Service[]): ServiceList {
  const count = (status: string) => services.filter((service) => service.status === status).length;
  return { services, services_active: count("active"), services_failed: count("failed") };
}
