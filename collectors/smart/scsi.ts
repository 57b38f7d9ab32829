/** What SCSI and SAS drives say: defects, uncorrected errors, self-test. */
import { clip } from "../../lib/text.ts";
import type { Drive, ProtocolFigures } from "./parse.ts";
import type { SmartctlOutput } from "./smartctl_json.ts";

/** Figures of a SCSI drive. */
export function scsiFigures(output: SmartctlOutput): ProtocolFigures {
  const { read, write, verify } = output.scsi_error_counter_log ?? {};
  const uncorrected = [read, write, verify].flatMap((counts) => counts?.total_uncorrected_errors ?? []);
  const defects = output.scsi_grown_defect_list;
  const wear = output.scsi_percentage_used_endurance_indicator;
  const test = output.scsi_self_test_0?.result;
  const figures: Partial<Drive> = {
    ...(defects === undefined ? {} : { reallocated_sectors: defects }),
    ...(uncorrected.length === 0 ? {} : { media_errors: uncorrected.reduce((sum, count) => sum + count, 0) }),
    ...(wear === undefined ? {} : { wear_percent: wear }),
    ...(test?.string === undefined ? {} : { self_test: clip(test.string) }),
    // SPC-4, self-test results: 0 is success, 3 to 7 are failures.
    ...(test?.value === undefined || (test.value !== 0 && (test.value < 3 || test.value > 7))
      ? {}
      : { self_test_passed: test.value === 0 }),
  };
  return { figures, warnings: [] };
}
