/** Every collector there is: the only list. */
import { applicationsDefinition } from "./applications/mod.ts";
import { cgroupsDefinition } from "./cgroups/mod.ts";
import { checksDefinition } from "./checks/mod.ts";
import type { CollectorDefinition } from "./collector.ts";
import { cpuDefinition } from "./cpu/mod.ts";
import { customDefinition } from "./custom/mod.ts";
import { diskDefinition } from "./disk/mod.ts";
import { diskIoDefinition } from "./disk_io/mod.ts";
import { logsDefinition } from "./logs/mod.ts";
import { memoryDefinition } from "./memory/mod.ts";
import { networkDefinition } from "./network/mod.ts";
import { portsDefinition } from "./ports/mod.ts";
import { powerDefinition } from "./power/mod.ts";
import { processesDefinition } from "./processes/mod.ts";
import { raidDefinition } from "./raid/mod.ts";
import { raspberryDefinition } from "./raspberry/mod.ts";
import { securityDefinition } from "./security/mod.ts";
import { sensorsDefinition } from "./sensors/mod.ts";
import { servicesDefinition } from "./services/mod.ts";
import { smartDefinition } from "./smart/mod.ts";
import { socketsDefinition } from "./sockets/mod.ts";
import { systemDefinition } from "./system/mod.ts";
import { systemExtrasDefinition } from "./system_extras/mod.ts";
import { updatesDefinition } from "./updates/mod.ts";
import { wifiDefinition } from "./wifi/mod.ts";

/** All collectors, by name. */
export const collectorDefinitions: readonly CollectorDefinition[] = [
  applicationsDefinition,
  cgroupsDefinition,
  checksDefinition,
  cpuDefinition,
  customDefinition,
  diskDefinition,
  diskIoDefinition,
  logsDefinition,
  memoryDefinition,
  networkDefinition,
  portsDefinition,
  powerDefinition,
  processesDefinition,
  raidDefinition,
  raspberryDefinition,
  securityDefinition,
  sensorsDefinition,
  servicesDefinition,
  smartDefinition,
  socketsDefinition,
  systemDefinition,
  systemExtrasDefinition,
  updatesDefinition,
  wifiDefinition,
];
