/** A table of many things: the first of them, the rest on demand, found by words. */
import { useSignal } from "@preact/signals";
import { wordFilter } from "../state/word_filter.ts";
import { formatCount } from "../text/format.ts";
import { DataTable, type DataTableProps, type TableRow } from "./data_table.tsx";

/** What a long table shows. */
export interface LongTableProps<T, C extends string, S extends C = C>
  extends Omit<DataTableProps<C, S>, "rows" | "controls" | "children" | "empty"> {
  /** In the order in which they are shown. */
  readonly items: readonly T[];
  readonly row: (item: T) => TableRow<C>;
  /** The text in which words are looked for. */
  readonly searched: (item: T) => string;
  /** So many rows are shown at first. */
  readonly firstRows: number;
}

/** More rows than this at once make a browser slow and nobody wiser. */
const moreRows = 200;

/** The table with its filter; a filter that would save nothing is left out. */
export function LongTable<T, C extends string, S extends C = C>(props: LongTableProps<T, C, S>) {
  const { items, row, searched, firstRows, ...table } = props;
  const typed = useSignal("");
  const shown = useSignal(firstRows);
  const matches = wordFilter(typed.value);
  const found = typed.value === "" ? items : items.filter((item) => matches(searched(item)));
  const rest = found.length - shown.value;
  const isLong = items.length > firstRows;
  return (
    <DataTable
      {...table}
      empty={items.length > 0 ? "Nothing matches the filter." : "There is nothing yet."}
      rows={found.slice(0, shown.value).map(row)}
      controls={isLong && (
        <input
          type="search"
          class="filter"
          placeholder="Filter"
          aria-label={`Filter ${table.title.toLowerCase()}`}
          value={typed.value}
          onInput={(event) => typed.value = event.currentTarget.value}
        />
      )}
    >
      {isLong && (rest > 0 || shown.value > firstRows) && (
        <p class="table-more">
          {rest > 0 && (
            <button type="button" onClick={() => shown.value += moreRows}>
              Show{" "}
              {rest > moreRows ? `${moreRows} more of ${formatCount(rest)}` : `${formatCount(rest)} more`}
            </button>
          )}
          {shown.value > firstRows && (
            <button type="button" onClick={() => shown.value = firstRows}>Show fewer</button>
          )}
        </p>
      )}
    </DataTable>
  );
}
