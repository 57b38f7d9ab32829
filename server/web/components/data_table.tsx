/** A small table of facts; on a narrow screen it scrolls by itself instead of widening the page. */
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

/** One column. */
export interface TableColumn<C extends string> {
  /** Names its cells in the rows. */
  readonly name: C;
  readonly word: string;
  readonly numeric?: boolean;
}

/** One row. */
export interface TableRow<C extends string> {
  readonly key: string;
  /** Draws attention to the row; what is wrong stands in its cells. */
  readonly alarming?: boolean;
  readonly cells: Readonly<Record<C, ComponentChildren>>;
}

/** What a table shows. */
export interface DataTableProps<C extends string> {
  readonly title: string;
  readonly columns: readonly TableColumn<C>[];
  readonly rows: readonly TableRow<C>[];
  /** What is said when there are no rows. */
  readonly empty: string;
}

/** The table, in a card of its own. The first cell of a row is its heading. */
export function DataTable<C extends string>({ title, columns, rows, empty }: DataTableProps<C>) {
  const heading = useId();
  return (
    <section class="card wide" aria-labelledby={heading}>
      <header>
        <h3 id={heading}>{title}</h3>
      </header>
      {rows.length === 0
        ? <p class="empty">{empty}</p>
        : (
          <div class="scroll" tabIndex={0} role="group" aria-labelledby={heading}>
            <table class="data-table">
              <thead>
                <tr>
                  {columns.map(({ name, word, numeric }) => (
                    <th key={name} scope="col" class={numeric ? "numeric" : ""}>{word}</th>
                  ))}
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
    </section>
  );
}
