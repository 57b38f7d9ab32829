/** The file systems of a host: how full, and what is wrong with them. */
import type { HostDetail } from "../../../protocol/api.ts";
import { elementsOf, type Fields, flagIn, joinedTexts, numberIn, textIn } from "../state/latest.ts";
import { absent, formatBytes, formatDuration } from "../text/format.ts";
import { DataTable, numberColumn, textColumn } from "./data_table.tsx";
import { PercentBar } from "./percent_bar.tsx";

const columns = [
  textColumn("mountpoint", "Mounted on"),
  numberColumn("used", "Used"),
  numberColumn("total", "Of"),
  numberColumn("available", "Available"),
  numberColumn("space", "Space"),
  numberColumn("inodes", "Inodes"),
  textColumn("type", "Type"),
  textColumn("state", "State"),
];

/** The table. */
export function FileSystems({ detail }: { readonly detail: HostDetail }) {
  const rows = elementsOf(detail, "disk_list", "disks", "disk").map((disk) => {
    const mountpoint = textIn(disk, "mountpoint") ?? absent;
    const states = statesOf(disk);
    return {
      key: mountpoint,
      alarming: flagIn(disk, "hung"),
      cells: {
        mountpoint: (
          <span class="clip path" title={[mountpoint, textIn(disk, "device")].join("\n")}>{mountpoint}</span>
        ),
        used: formatBytes(numberIn(disk, "disk_used")),
        total: formatBytes(numberIn(disk, "disk_total")),
        available: formatBytes(numberIn(disk, "disk_available")),
        space: <PercentBar percent={numberIn(disk, "disk_used_pct")} />,
        inodes: <PercentBar percent={numberIn(disk, "inodes_pct")} />,
        type: (
          <span class="clip">
            {joinedTexts(disk, ["filesystem", "disk_type"])}
          </span>
        ),
        state: states.length === 0 ? "writable" : <strong>{states.join(", ")}</strong>,
      },
    };
  });
  return (
    <DataTable title="File systems" columns={columns} rows={rows} empty="No file system has been reported." />
  );
}

function statesOf(disk: Fields): string[] {
  const states: string[] = [];
  if (flagIn(disk, "hung")) {
    const seconds = numberIn(disk, "hung_seconds");
    states.push(
      seconds === undefined ? "does not answer" : `has not answered for ${formatDuration(seconds)}`,
    );
  }
  if (flagIn(disk, "read_only")) states.push("read-only");
  return states;
}
