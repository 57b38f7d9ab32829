/** Where the host's power comes from (batteries, mains) and what its processor uses. */
import { type Fields, flagIn, joinedTexts, numberIn, textIn } from "../state/latest.ts";
import { absent, formatCount, formatDuration, formatPercent, formatQuantity } from "../text/format.ts";
import { Clip } from "./clip.tsx";
import { DataTable, numberColumn, textColumn } from "./data_table.tsx";
import { PercentBar } from "./percent_bar.tsx";

const columns = [
  textColumn("name", "Supply"),
  textColumn("kind", "Kind"),
  textColumn("state", "State"),
  numberColumn("charge", "Charge"),
  numberColumn("power", "Power"),
  numberColumn("rest", "Time left"),
  numberColumn("health", "Health"),
  numberColumn("cycles", "Cycles"),
];

/** What the table is made of. */
export interface PowerTableProps {
  /** Elements of `battery_list`. */
  readonly supplies: readonly Fields[];
  /** Elements of `energy_list`. */
  readonly zones: readonly Fields[];
  /** Why the processor's energy could not be read. */
  readonly denied: string | undefined;
}

/** The table; nothing where there is nothing to show. */
export function PowerTable({ supplies, zones, denied }: PowerTableProps) {
  if (supplies.length === 0 && zones.length === 0) return null;
  return (
    <DataTable
      title="Power"
      columns={columns}
      note={denied}
      rows={[...supplies.map(supplyRow), ...zones.map(zoneRow)]}
    />
  );
}

function supplyRow(supply: Fields) {
  const name = textIn(supply, "supply") ?? absent;
  const charge = numberIn(supply, "charge_pct");
  const toFull = numberIn(supply, "time_to_full_seconds");
  return {
    key: `supply ${name}`,
    cells: {
      name: (
        <Clip
          text={name}
          title={joinedTexts(supply, ["supply", "manufacturer", "model", "technology"])}
        />
      ),
      kind: textIn(supply, "kind") ?? absent,
      state: textIn(supply, "state") ?? (flagIn(supply, "online") ? "delivers" : "does not deliver"),
      charge: charge === undefined
        ? absent
        // The bar alarms when much is used, so it shows what is gone.
        : <PercentBar percent={100 - charge} text={formatPercent(charge)} />,
      power: formatQuantity(numberIn(supply, "power_watts"), "W"),
      rest: toFull === undefined
        ? formatDuration(numberIn(supply, "time_left_seconds"))
        : `full in ${formatDuration(toFull)}`,
      health: formatPercent(numberIn(supply, "health_pct")),
      cycles: formatCount(numberIn(supply, "cycles")),
    },
  };
}

function zoneRow(zone: Fields) {
  const name = textIn(zone, "zone") ?? absent;
  return {
    key: `zone ${name}`,
    cells: {
      name: <Clip text={name} />,
      kind: "processor",
      state: "",
      charge: "",
      power: formatQuantity(numberIn(zone, "power_watts"), "W"),
      rest: "",
      health: "",
      cycles: "",
    },
  };
}
