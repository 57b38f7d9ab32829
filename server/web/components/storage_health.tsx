/** Health of the drives and of volumes made of them: problems first, with the reason. */
import type { HostDetail } from "../../../protocol/api.ts";
import { type Fields, joinedTexts, latestOf, listIn, numberIn, textIn } from "../state/latest.ts";
import { driveVerdict, type Verdict, volumeVerdict, worstFirst } from "../state/storage_health.ts";
import {
  absent,
  formatByteRate,
  formatBytes,
  formatCount,
  formatDuration,
  formatPercent,
  formatQuantity,
} from "../text/format.ts";
import { Clip } from "./clip.tsx";
import { DataTable, numberColumn, textColumn } from "./data_table.tsx";
import { PercentBar } from "./percent_bar.tsx";

const volumeColumns = [
  textColumn("volume", "Volume"),
  textColumn("verdict", "Verdict"),
  textColumn("reason", "Reason"),
  textColumn("level", "Level"),
  numberColumn("devices", "Devices"),
  numberColumn("size", "Size"),
  textColumn("activity", "Activity"),
  numberColumn("errors", "Errors"),
];

const driveColumns = [
  textColumn("drive", "Drive"),
  textColumn("verdict", "Verdict"),
  textColumn("reason", "Reason"),
  textColumn("model", "Model"),
  numberColumn("size", "Size"),
  numberColumn("temperature", "Temperature"),
  numberColumn("wear", "Worn"),
  numberColumn("age", "Powered on"),
  numberColumn("written", "Written"),
  numberColumn("sectors", "Bad sectors"),
  numberColumn("media", "Media errors"),
];

/** Both tables; each is absent where the host reports nothing for it. */
export function StorageHealth({ detail }: { readonly detail: HostDetail }) {
  const volumes = worstFirst(listIn(latestOf(detail, "raid_list"), "volumes"), volumeVerdict, "name");
  const drives = worstFirst(listIn(latestOf(detail, "smart_list"), "devices"), driveVerdict, "device");
  return (
    <>
      {volumes.length > 0 && (
        <DataTable
          title="RAID and pools"
          columns={volumeColumns}
          rows={volumes.map(({ fields, verdict }) => ({
            key: `${textIn(fields, "kind")} ${textIn(fields, "name")}`,
            alarming: verdict.severity > 0,
            cells: {
              ...verdictCells(verdict),
              volume: <Clip text={textIn(fields, "name")} title={textIn(fields, "uuid") ?? ""} />,
              level: joinedTexts(fields, ["kind", "level"]),
              devices: devicesOf(fields),
              size: formatBytes(numberIn(fields, "size_bytes")),
              activity: <Clip text={activityOf(fields)} />,
              errors: formatCount(sumOf(fields, ["read_errors", "write_errors", "checksum_errors"])),
            },
          }))}
        />
      )}
      {drives.length > 0 && (
        <DataTable
          title="Drives"
          columns={driveColumns}
          rows={drives.map(({ fields, verdict }) => ({
            key: textIn(fields, "device") ?? "",
            alarming: verdict.severity > 0,
            cells: {
              ...verdictCells(verdict),
              drive: <Clip text={textIn(fields, "device")} />,
              model: (
                <Clip
                  text={textIn(fields, "model")}
                  title={joinedTexts(fields, ["model", "serial", "firmware", "protocol"])}
                />
              ),
              size: formatBytes(numberIn(fields, "capacity_bytes")),
              temperature: formatQuantity(numberIn(fields, "temperature"), "°C"),
              wear: <PercentBar percent={numberIn(fields, "wear_percent")} />,
              age: formatDuration(numberIn(fields, "power_on_seconds")),
              written: formatBytes(numberIn(fields, "written_bytes")),
              sectors: formatCount(
                sumOf(fields, ["reallocated_sectors", "pending_sectors", "offline_uncorrectable"]),
              ),
              media: formatCount(numberIn(fields, "media_errors")),
            },
          }))}
        />
      )}
    </>
  );
}

function verdictCells({ word, severity, reason }: Verdict) {
  return {
    verdict: severity > 0 ? <strong>{word}</strong> : word,
    reason: reason === "" ? "" : <span class="wrap">{reason}</span>,
  };
}

/** `2 of 3, 1 spare`. */
function devicesOf(volume: Fields): string {
  const [active, total, spare] = ["devices_active", "devices_total", "devices_spare"].map((field) =>
    numberIn(volume, field)
  );
  if (active === undefined && total === undefined) return absent;
  const spares = spare === undefined || spare === 0 ? "" : `, ${formatCount(spare)} spare`;
  return total === undefined
    ? formatCount(active) + spares
    : `${formatCount(active)} of ${formatCount(total)}${spares}`;
}

/** `recover 42 %, 180 MiB/s, done in 2 h 5 min`; the last scrub when nothing is being done. */
function activityOf(volume: Fields): string {
  const action = textIn(volume, "sync_action");
  if (action === undefined) return textIn(volume, "scrub") ?? "";
  const [share, pace, rest] = ["sync_percent", "sync_bytes_per_second", "sync_finish_seconds"].map((field) =>
    numberIn(volume, field)
  );
  return [
    share === undefined ? action : `${action} ${formatPercent(share)}`,
    pace === undefined ? "" : formatByteRate(pace),
    rest === undefined ? "" : `done in ${formatDuration(rest)}`,
  ].filter(Boolean).join(", ");
}

function sumOf(fields: Fields, names: readonly string[]): number | undefined {
  const values = names.map((name) => numberIn(fields, name)).filter((value) => value !== undefined);
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0);
}
