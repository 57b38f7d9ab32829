import assert from "node:assert/strict";
import * as z from "zod/mini";
import { commandSchemas } from "../command.ts";
import { hostInfoSchema } from "../host_info.ts";
import { innerOf, measureOf } from "../measure.ts";
import { elementKeys, listShapes, metricSchemas, metricTypes } from "./mod.ts";

/** Numeric leaves of a schema with their paths, objects and arrays looked through. */
function numericLeaves(schema: z.core.$ZodType, path: string): [string, z.core.$ZodType][] {
  if (schema instanceof z.core.$ZodNumber) return [[path, schema]];
  if (schema instanceof z.core.$ZodObject) {
    return Object.entries(schema._zod.def.shape).flatMap(([key, inner]) =>
      numericLeaves(inner, `${path}.${key}`)
    );
  }
  const inner = innerOf(schema);
  return inner === undefined ? [] : numericLeaves(inner, path);
}

Deno.test("every number of every type has its meaning on its schema", () => {
  const leaves = metricTypes.flatMap((type) => numericLeaves(metricSchemas[type], type));
  leaves.push(...numericLeaves(hostInfoSchema, "HostInfo"));
  for (const [kind, { result }] of Object.entries(commandSchemas)) {
    leaves.push(...numericLeaves(result, kind));
  }
  assert.ok(leaves.length > 150, `only ${leaves.length} numbers found`);
  for (const [path, schema] of leaves) {
    const measure = measureOf(schema);
    assert.ok(measure, `${path} has no measure`);
    assert.ok(measure.help.endsWith("."), `${path}: help is a sentence`);
    assert.match(measure.prometheus, /^[a-zA-Z_:][a-zA-Z0-9_:]*(\{[a-z_]+="[a-z0-9_]+"\})?$/, path);
  }
});

/** Field lists of the first protocol, as its agents send them. */
const v1Fields: Readonly<Record<string, string>> = {
  cpu: "usage cores load_1m load_5m load_15m",
  memory: "ram_total ram_used ram_available ram_used_pct swap_total swap_used swap_pct",
  disk:
    "device mountpoint filesystem disk_type disk_total disk_used disk_available disk_used_pct inodes_total " +
    "inodes_used inodes_pct",
  disk_io: "device read_bytes write_bytes read_ops write_ops read_time_ms write_time_ms io_in_progress",
  network:
    "interface mac_address mtu speed rx_bytes rx_packets rx_errors rx_drops tx_bytes tx_packets tx_errors " +
    "tx_drops",
  temperature: "sensor temperature max_temp",
  system: "uptime processes users boot_time",
  process: "pid name cpu_percent mem_percent mem_rss status threads_total threads_running threads_runnable " +
    "threads_waiting",
  process_list: "processes",
  service: "name status sub_status load_state description",
  service_list: "services",
  container:
    "id name image state source kind cpu_percent cpu_limit_cores memory_bytes memory_limit net_rx_bytes " +
    "net_tx_bytes",
  container_list: "containers",
  application_list: "applications",
  wifi: "interface ssid signal_dbm link_quality frequency_ghz bitrate_mbps",
  throttle:
    "undervoltage arm_freq_capped throttled soft_temp_limit undervoltage_occurred freq_cap_occurred " +
    "throttled_occurred soft_temp_occurred",
  clock: "arm_freq_hz core_freq_hz gpu_freq_hz",
  voltage: "core_volts sdram_c_volts sdram_i_volts sdram_p_volts",
  gpu: "gpu_mem_total gpu_mem_used",
};

Deno.test("every field of the first protocol is known", () => {
  const schemas: Readonly<Record<string, z.core.$ZodType>> = metricSchemas;
  for (const [type, fields] of Object.entries(v1Fields)) {
    const schema = schemas[type];
    assert.ok(schema instanceof z.core.$ZodObject, type);
    for (const field of fields.split(" ")) assert.ok(field in schema._zod.def.shape, `${type}.${field}`);
  }
});

Deno.test("list shapes and element keys name fields that exist", () => {
  for (const [type, shape] of Object.entries(listShapes)) {
    const schema: z.core.$ZodType | undefined = metricTypes.filter((name) =>
      name === type
    ).map((name) => metricSchemas[name])[0];
    assert.ok(
      schema instanceof z.core.$ZodObject && shape.field in schema._zod.def.shape,
      `${type}.${shape.field}`,
    );
    assert.ok(shape.schema instanceof z.core.$ZodObject);
    for (const key of shape.key) assert.ok(key in shape.schema._zod.def.shape, `${type}: ${key}`);
  }
  for (const type of metricTypes) {
    const schema: z.core.$ZodType = metricSchemas[type];
    assert.ok(schema instanceof z.core.$ZodObject);
    for (const key of elementKeys[type] ?? []) assert.ok(key in schema._zod.def.shape, `${type}: ${key}`);
  }
});
