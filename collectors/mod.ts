/** Every collector there is: the only list. */
import type { CollectorDefinition } from "./collector.ts";
import { cpuDefinition } from "./cpu/mod.ts";
import { diskDefinition } from "./disk/mod.ts";
import { diskIoDefinition } from "./disk_io/mod.ts";
import { memoryDefinition } from "./memory/mod.ts";
import { networkDefinition } from "./network/mod.ts";
import { socketsDefinition } from "./sockets/mod.ts";
import { systemDefinition } from "./system/mod.ts";

/** All collectors, by name. */
export const collectorDefinitions: readonly CollectorDefinition[] = [
  cpuDefinition,
  diskDefinition,
  diskIoDefinition,
  memoryDefinition,
  networkDefinition,
  socketsDefinition,
  systemDefinition,
];
