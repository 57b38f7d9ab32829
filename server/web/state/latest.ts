/**
 * Reading the latest envelopes of a host. Their fields are optional, and v1 agents send the elements of lists one by one:
 * both is settled here.
 */
import type { HostDetail } from "../../../protocol/api.ts";

/** Data of an envelope, or an element of a list in it. */
export type Fields = Readonly<Record<string, unknown>>;

type Latest = Pick<HostDetail, "latest">;

/** Data of the newest envelope of a type; empty when there is none. */
export function latestOf({ latest }: Latest, type: string): Fields {
  const newest = latest.filter((envelope) => envelope.type === type)
    .sort((a, b) => Date.parse(b.timestamp) - Date.parse(a.timestamp))[0];
  return newest?.data ?? {};
}

/** Elements of a list type (`disk_list` with its array `disks`) and those that were sent one by one (`disk`). */
export function elementsOf(host: Latest, listType: string, field: string, singleType: string): Fields[] {
  const singles = host.latest.filter(({ type }) => type === singleType).map(({ data }) => data);
  return [...listIn(latestOf(host, listType), field), ...singles];
}

/** Elements of a list inside an envelope's data. */
export function listIn(data: Fields, field: string): Fields[] {
  const list = data[field];
  return Array.isArray(list) ? list.filter(isFields) : [];
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A text field; `undefined` when it is absent or something else. */
export function textIn(data: Fields, field: string): string | undefined {
  const value = data[field];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** A field that is a list of texts; empty when it is absent. */
export function textsIn(data: Fields, field: string): string[] {
  const list = data[field];
  return Array.isArray(list) ? list.filter((item) => typeof item === "string") : [];
}

/** Those text fields of `fields` that are there, in one text. */
export function joinedTexts(data: Fields, fields: readonly string[], separator = ", "): string {
  return fields.map((field) => textIn(data, field)).filter((text) => text !== undefined).join(separator);
}

/** All texts of an element, for finding it by words. */
export function allTexts(data: Fields): string {
  return Object.values(data).filter((value) => typeof value === "string").join("\n");
}

/** A numeric field. */
export function numberIn(data: Fields, field: string): number | undefined {
  const value = data[field];
  return typeof value === "number" ? value : undefined;
}

/** A flag; false when it is absent. */
export function flagIn(data: Fields, field: string): boolean {
  return data[field] === true;
}

/** When the newest envelope was measured, by the host's clock; Unix milliseconds. */
export function newestAt({ latest }: Latest): number | undefined {
  const times = latest.map(({ timestamp }) => Date.parse(timestamp)).filter((time) => !Number.isNaN(time));
  return times.length === 0 ? undefined : Math.max(...times);
}
