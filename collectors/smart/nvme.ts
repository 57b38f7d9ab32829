/** What NVMe drives say: the SMART / Health Information log page (NVM Express Base Specification, log identifier 02h). */
import { clip } from "../../lib/text.ts";
import type { Drive, ProtocolFigures } from "./parse.ts";
import type { SmartctlOutput } from "./smartctl_json.ts";

/** A data unit is a thousand blocks of 512 bytes, whatever the drive is formatted with. */
const dataUnitBytes = 512_000;

/** Bits of the critical warning. */
const criticalWarnings = [
  "Spare blocks are below the drive's threshold.",
  "The temperature is beyond the drive's limits.",
  "The drive is no longer reliable: too many errors.",
  "The drive has become read-only.",
  "The backup of the drive's volatile memory has failed.",
  "The persistent memory region is read-only or unreliable.",
] as const;

/** Figures of an NVMe drive. */
export function nvmeFigures(output: SmartctlOutput): ProtocolFigures {
  const log = output.nvme_smart_health_information_log ?? {};
  const warning = log.critical_warning;
  const figures: Partial<Drive> = {
    ...(warning === undefined ? {} : { critical_warning: warning }),
    ...(log.percentage_used === undefined ? {} : { wear_percent: log.percentage_used }),
    ...(log.available_spare === undefined ? {} : { available_spare_percent: log.available_spare }),
    ...(log.available_spare_threshold === undefined
      ? {}
      : { available_spare_threshold_percent: log.available_spare_threshold }),
    ...(log.data_units_read === undefined ? {} : { read_bytes: log.data_units_read * dataUnitBytes }),
    ...(log.data_units_written === undefined
      ? {}
      : { written_bytes: log.data_units_written * dataUnitBytes }),
    ...(log.unsafe_shutdowns === undefined ? {} : { unsafe_shutdowns: log.unsafe_shutdowns }),
    ...(log.media_errors === undefined ? {} : { media_errors: log.media_errors }),
    ...(log.num_err_log_entries === undefined ? {} : { error_log_entries: log.num_err_log_entries }),
    ...selfTestOf(output),
  };
  const warnings = criticalWarnings.filter((_, bit) => ((warning ?? 0) & (1 << bit)) !== 0);
  return { figures, warnings };
}

function selfTestOf(output: SmartctlOutput): Partial<Drive> {
  const result = output.nvme_self_test_log?.table?.[0]?.self_test_result;
  return {
    ...(result?.string === undefined ? {} : { self_test: clip(result.string) }),
    // 0 is success, 5 to 7 are failures; the others are tests that were broken off.
    ...(result?.value === undefined || (result.value !== 0 && (result.value < 5 || result.value > 7))
      ? {}
      : { self_test_passed: result.value === 0 }),
  };
}
