/** Reading rows: a column of the wrong type is a fault of ours, and says which column. */
import type { Row } from "@libsql/client";

function fail(column: string, expected: string): never {
  throw new TypeError(`Column ${column} of a row is not ${expected}`);
}

/** A text column. */
export function textOf(row: Row, column: string): string {
  const value = row[column];
  return typeof value === "string" ? value : fail(column, "text");
}

/** A numeric column. */
export function numberOf(row: Row, column: string): number {
  const value = row[column];
  return typeof value === "number" ? value : fail(column, "a number");
}

/** A BLOB column. */
export function bytesOf(row: Row, column: string): Uint8Array<ArrayBuffer> {
  const value = row[column];
  return value instanceof ArrayBuffer ? new Uint8Array(value) : fail(column, "a blob");
}

/** A text column that may be NULL. */
export function optionalTextOf(row: Row, column: string): string | undefined {
  return row[column] === null ? undefined : textOf(row, column);
}

/** A numeric column that may be NULL. */
export function optionalNumberOf(row: Row, column: string): number | undefined {
  return row[column] === null ? undefined : numberOf(row, column);
}
