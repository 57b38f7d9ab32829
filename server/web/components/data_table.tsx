/** A small table of facts; on a narrow screen it scrolls by itself instead of widening the page. */
import type { Signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

/** One column. */
export interface TableColumn<C extends string> {
  /** Names its cells in the rows. */
  readonly name: C;
  readonly word: string;
  readonly numeric?: boolean;
  /**
   * Pixels. A table in which columns have widths keeps them, whatever its cells hold; the one column without a width takes
   * the rest. For tables whose rows change while they are read.
   */
  readonly width?: number | undefined;
}

/** A column of words. */
export function textColumn<C extends string>(name: C, word: string, width?: number): TableColumn<C> {
  return { name, word, width };
}

/** A column of numbers, which stand at its right. */
export function numberColumn<C extends string>(name: C, word: string, width?: number): TableColumn<C> {
  return { name, word, width, numeric: true };
}

/** One row. */
export interface TableRow<C extends string> {
  readonly key: string;
  /** Draws attention to the row; what is wrong stands in its cells. */
  readonly alarming?: boolean;
  readonly cells: Readonly<Record<C, ComponentChildren>>;
}

/** What a table can be sorted by, the largest value first. */
export interface TableSorting<S extends string> {
  readonly columns: readonly S[];
  readonly by: Signal<S>;
}

/** What a table shows. */
export interface DataTableProps<C extends string, S extends C = C> {
  readonly title: string;
  readonly columns: readonly TableColumn<C>[];
  readonly rows: readonly TableRow<C>[];
  /** What is said when there are no rows. */
  readonly empty?: string;
  /** Counts in words, or what is to be known about the rows. */
  readonly note?: string | undefined;
  readonly sorting?: TableSorting<S>;
  /** Beside the heading. */
  readonly controls?: ComponentChildren;
  /** Below the rows. */
  readonly children?: ComponentChildren;
}

/** Room that the column without a width has at least. */
const restWidth = 210;

/** The table, in a card of its own. The first cell of a row is its heading. */
export function DataTable<C extends string, S extends C = C>(props: DataTableProps<C, S>) {
  const { title, columns, rows, empty, note, sorting, controls, children } = props;
  const heading = useId();
  const widths = columns.map(({ width }) => width);
  const isSteady = widths.some((width) => width !== undefined);
  const minWidth = widths.reduce<number>((sum, width) => sum + (width ?? restWidth), 0);
  return (
    <section class="card wide" aria-labelledby={heading}>
      <header class="table-head">
        <h3 id={heading}>{title}</h3>
        {note !== undefined && <p class="muted">{note}</p>}
        {controls}
      </header>
      {rows.length === 0
        ? <p class="empty">{empty}</p>
        : (
          <div class="scroll" tabIndex={0} role="group" aria-labelledby={heading}>
            <table
              class={isSteady ? "data-table steady" : "data-table"}
              style={isSteady ? { minWidth: `${minWidth}px` } : {}}
            >
              <thead>
                <tr>
                  {columns.map((column) => <HeadCell key={column.name} column={column} sorting={sorting} />)}
                </tr>
              </thead>
              <tbody>
                {rows.map(({ key, alarming, cells }) => (
                  <tr key={key} class={alarming ? "alarming" : ""}>
                    {columns.map(({ name, numeric }, index) =>
                      index === 0
                        ? <th key={name} scope="row">{cells[name]}</th>
                        : <td key={name} class={numeric ? "numeric number" : ""}>{cells[name]}</td>
                    )}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      {children}
    </section>
  );
}

interface HeadCellProps<C extends string, S extends C> {
  readonly column: TableColumn<C>;
  readonly sorting: TableSorting<S> | undefined;
}

function HeadCell<C extends string, S extends C>({ column, sorting }: HeadCellProps<C, S>) {
  const { name, word, numeric, width } = column;
  const style = width === undefined ? {} : { width: `${width}px` };
  const shared = { scope: "col" as const, class: numeric ? "numeric" : "", style };
  const sortable = sorting?.columns.find((candidate) => candidate === name);
  if (sorting === undefined || sortable === undefined) return <th {...shared}>{word}</th>;
  const isChosen = sorting.by.value === name;
  return (
    <th {...shared} aria-sort={isChosen ? "descending" : "none"}>
      <button type="button" onClick={() => sorting.by.value = sortable}>
        <span class="sort-mark" aria-hidden="true">{isChosen ? "▼" : ""}</span>
        {word}
      </button>
    </th>
  );
}
