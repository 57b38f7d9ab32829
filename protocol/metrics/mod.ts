/**
 * Every envelope type there is: the only list.
 *
 * A type is a scalar object (`cpu`) or a list (`disk_list`) of elements told apart by their key fields. v1 agents send
 * list elements as envelopes of their own (`disk`); both forms give the same series.
 */
import * as z from "zod/mini";
import { agent, collectorState, tombstone } from "./agent.ts";
import { cgroup, cgroupList } from "./cgroup.ts";
import { check, checkList } from "./checks.ts";
import { container, containerList } from "./container.ts";
import { cpu } from "./cpu.ts";
import { custom, customSample } from "./custom.ts";
import { disk, diskIo, diskIoList, diskList } from "./disk.ts";
import { logCounts, logCountsList, logEventList } from "./log.ts";
import { memory } from "./memory.ts";
import { network, networkList, sockets, tcp, udp } from "./network.ts";
import { osStatus } from "./os_status.ts";
import { port, portList } from "./ports.ts";
import { battery, batteryList, energyList, energyZone } from "./power.ts";
import { process, processList } from "./process.ts";
import { raid, raidList } from "./raid.ts";
import { clock, gpu, throttle, voltage } from "./raspberry.ts";
import { securityCounts, securityEventList } from "./security.ts";
import {
  currentList,
  currentSensor,
  fan,
  fanList,
  humidityList,
  humiditySensor,
  powerList,
  powerSensor,
  temperature,
  temperatureList,
  voltageList,
  voltageSensor,
} from "./sensors.ts";
import { service, serviceList } from "./service.ts";
import { session, sessionList } from "./session.ts";
import { smart, smartList } from "./smart.ts";
import { application, applicationList, system } from "./system.ts";
import { time } from "./time.ts";
import { update, updateList } from "./updates.ts";
import { wifi, wifiList } from "./wifi.ts";

/** Schema of `data`, by envelope type. */
export const metricSchemas = {
  agent,
  application_list: applicationList,
  battery_list: batteryList,
  cgroup_list: cgroupList,
  check_list: checkList,
  clock,
  container,
  container_list: containerList,
  cpu,
  current_list: currentList,
  custom,
  disk,
  disk_io: diskIo,
  disk_io_list: diskIoList,
  disk_list: diskList,
  energy_list: energyList,
  fan_list: fanList,
  gpu,
  humidity_list: humidityList,
  log_counts: logCountsList,
  log_event_list: logEventList,
  memory,
  network,
  network_list: networkList,
  os_status: osStatus,
  port_list: portList,
  power_list: powerList,
  process,
  process_list: processList,
  raid_list: raidList,
  security_counts: securityCounts,
  security_event_list: securityEventList,
  service,
  service_list: serviceList,
  session_list: sessionList,
  smart_list: smartList,
  sockets,
  system,
  tcp,
  temperature,
  temperature_list: temperatureList,
  throttle,
  time,
  tombstone,
  udp,
  update_list: updateList,
  voltage,
  voltage_list: voltageList,
  wifi,
  wifi_list: wifiList,
} as const;

/** Name of an envelope type. */
export type MetricType = keyof typeof metricSchemas;

/** `data` of an envelope type. */
export type MetricData<T extends MetricType> = z.infer<(typeof metricSchemas)[T]>;

/** What a collector returns: one type's data. */
export type Measurement = {
  [T in MetricType]: { readonly type: T; readonly data: MetricData<T> };
}[MetricType];

/** True for a name in {@linkcode metricSchemas}. */
export function isMetricType(name: string): name is MetricType {
  return Object.hasOwn(metricSchemas, name);
}

/** Every name in {@linkcode metricSchemas}. */
export const metricTypes: readonly MetricType[] = Object.keys(metricSchemas).filter(isMetricType);

/** A list inside the data of a type: where it stands, what its elements are called, what tells them apart. */
export interface ListShape {
  /** Field of `data` that holds the array. */
  readonly field: string;
  /** First part of the elements' series names: `disk` in `disk.disk_used`. */
  readonly element: string;
  /** Fields that identify an element; they become the labels of its series. */
  readonly key: readonly string[];
  /** Schema of one element. */
  readonly schema: z.core.$ZodType;
}

/** The lists inside types; a type without an entry has none. */
export const listShapes: { readonly [T in MetricType]?: ListShape } = {
  agent: { field: "collectors", element: "collector", key: ["collector"], schema: collectorState },
  application_list: { field: "applications", element: "application", key: ["name"], schema: application },
  battery_list: { field: "supplies", element: "battery", key: ["supply"], schema: battery },
  cgroup_list: { field: "cgroups", element: "cgroup", key: ["path"], schema: cgroup },
  check_list: { field: "checks", element: "check", key: ["name"], schema: check },
  container_list: { field: "containers", element: "container", key: ["source", "id"], schema: container },
  current_list: {
    field: "sensors",
    element: "current_sensor",
    key: ["sensor", "device"],
    schema: currentSensor,
  },
  custom: { field: "samples", element: "custom", key: ["name", "source", "labels"], schema: customSample },
  disk_io_list: { field: "devices", element: "disk_io", key: ["device"], schema: diskIo },
  disk_list: { field: "disks", element: "disk", key: ["mountpoint"], schema: disk },
  energy_list: { field: "zones", element: "energy", key: ["zone"], schema: energyZone },
  fan_list: { field: "sensors", element: "fan", key: ["sensor", "device"], schema: fan },
  humidity_list: {
    field: "sensors",
    element: "humidity_sensor",
    key: ["sensor", "device"],
    schema: humiditySensor,
  },
  log_counts: { field: "sources", element: "log_counts", key: ["source"], schema: logCounts },
  network_list: { field: "interfaces", element: "network", key: ["interface"], schema: network },
  port_list: { field: "ports", element: "port", key: ["protocol", "address", "port"], schema: port },
  power_list: { field: "sensors", element: "power_sensor", key: ["sensor", "device"], schema: powerSensor },
  process_list: { field: "processes", element: "process", key: ["pid", "name"], schema: process },
  raid_list: { field: "volumes", element: "raid", key: ["kind", "name"], schema: raid },
  service_list: { field: "services", element: "service", key: ["name"], schema: service },
  session_list: { field: "sessions", element: "session", key: ["id"], schema: session },
  smart_list: { field: "devices", element: "smart", key: ["device"], schema: smart },
  temperature_list: {
    field: "sensors",
    element: "temperature",
    key: ["sensor", "device"],
    schema: temperature,
  },
  update_list: { field: "updates", element: "update", key: ["name"], schema: update },
  voltage_list: {
    field: "sensors",
    element: "voltage_sensor",
    key: ["sensor", "device"],
    schema: voltageSensor,
  },
  wifi_list: { field: "interfaces", element: "wifi", key: ["interface"], schema: wifi },
};

/** Key fields of the types that are one element of a list, sent by themselves. */
export const elementKeys: { readonly [T in MetricType]?: readonly string[] } = {
  container: ["source", "id"],
  disk: ["mountpoint"],
  disk_io: ["device"],
  network: ["interface"],
  process: ["pid", "name"],
  service: ["name"],
  temperature: ["sensor", "device"],
  wifi: ["interface"],
};
