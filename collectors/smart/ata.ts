/** What ATA drives say: attributes, error log, self-tests. */
import { clip } from "../../lib/text.ts";
import { maxSmartAttributes } from "../../protocol/metrics/smart.ts";
import type { Drive, ProtocolFigures } from "./parse.ts";
import type { SmartctlOutput } from "./smartctl_json.ts";

type Attribute = NonNullable<NonNullable<SmartctlOutput["ata_smart_attributes"]>["table"]>[number];

/** Attributes that foretell failure best. The raw value of 188 is three numbers in one with some vendors: it is not counted. */
const predictive = new Set([5, 187, 188, 197, 198, 199]);

/** The attributes whose raw value is a plain count with every vendor, below 2^32. */
const counted = {
  5: "reallocated_sectors",
  187: "reported_uncorrectable",
  197: "pending_sectors",
  198: "offline_uncorrectable",
  199: "crc_errors",
} as const satisfies Readonly<Record<number, keyof Drive>>;

/** Attributes that count down the life left in percent, by the number that vendors of SSDs gave them; the first that is there counts. */
const lifeLeft = [231, 202, 233, 177, 173];

/** Figures of an ATA drive. */
export function ataFigures(output: SmartctlOutput): ProtocolFigures {
  const table = (output.ata_smart_attributes?.table ?? []).slice(0, maxSmartAttributes);
  const log = output.ata_smart_error_log;
  const errorLogEntries = log?.extended?.count ?? log?.summary?.count;
  const isSolidState = output.rotation_rate === 0;
  const wear = output.endurance_used === undefined && isSolidState ? wearOf(table) : undefined;
  const figures: Partial<Drive> = {
    ...countsOf(table),
    ...(wear === undefined ? {} : { wear_percent: wear }),
    ...(errorLogEntries === undefined ? {} : { error_log_entries: errorLogEntries }),
    ...selfTestOf(output),
    ...(table.length === 0 ? {} : { attributes: table.map(attributeOf) }),
  };
  return { figures, warnings: table.flatMap(warningOf) };
}

function countsOf(table: readonly Attribute[]): Partial<Drive> {
  const figures: Partial<Drive> = {};
  for (const [id, field] of Object.entries(counted)) {
    const raw = table.find((attribute) => attribute.id === Number(id))?.raw?.value;
    // Some vendors keep more in the upper of its six bytes.
    if (raw !== undefined && raw >= 0) figures[field] = raw % 2 ** 32;
  }
  return figures;
}

function wearOf(table: readonly Attribute[]): number | undefined {
  for (const id of lifeLeft) {
    const value = table.find((attribute) => attribute.id === id)?.value;
    if (value !== undefined && value >= 1 && value <= 100) return 100 - value;
  }
  return undefined;
}

function attributeOf(attribute: Attribute): NonNullable<Drive["attributes"]>[number] {
  const { id, name, value, worst, thresh, flags, raw, when_failed: failed } = attribute;
  return {
    id,
    name: clip(name ?? "Unknown_Attribute"),
    ...(predictive.has(id) ? { predictive: true } : {}),
    ...(flags?.prefailure === true ? { prefailure: true } : {}),
    ...(failed === undefined || failed === "" ? {} : { failed: clip(failed) }),
    ...(value === undefined ? {} : { value }),
    ...(worst === undefined ? {} : { worst }),
    ...(thresh === undefined ? {} : { threshold: thresh }),
    ...(raw?.value === undefined ? {} : { raw: raw.value }),
    ...(raw?.string === undefined ? {} : { raw_text: clip(raw.string) }),
  };
}

function warningOf({ id, name, when_failed: failed }: Attribute): string[] {
  if (failed === undefined || failed === "") return [];
  return [`Attribute ${id} ${name ?? ""} ${failed === "now" ? "is" : "was"} at its threshold.`];
}

/** The newest entry of the self-test log; without a log, the status of the last test that the drive keeps. */
function selfTestOf(output: SmartctlOutput): Partial<Drive> {
  const log = output.ata_smart_self_test_log;
  const newest = (log?.extended ?? log?.standard)?.table?.[0]?.status;
  // Status 0 without a log entry is also what a drive says that was never tested.
  const kept = output.ata_smart_data?.self_test?.status;
  const status = newest ?? (kept?.value === 0 ? undefined : kept);
  return {
    ...(status?.string === undefined ? {} : { self_test: clip(status.string) }),
    ...(status?.passed === undefined ? {} : { self_test_passed: status.passed }),
  };
}
