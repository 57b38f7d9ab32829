/** Every kind of command that an agent can run: the only list. */
import type { DiagnosticDefinition } from "./diagnostic.ts";
import { listMounts } from "./list_mounts.ts";
import { networkDiagnostic } from "./network_connect.ts";

/** The diagnostics, in the order of their names. */
export const diagnosticDefinitions: readonly DiagnosticDefinition[] = [listMounts, networkDiagnostic];
