/** Kinds of values that a zod schema describes: the settings of collectors. */
import * as z from "zod/mini";
import {
  $ZodArray,
  $ZodBoolean,
  $ZodDefault,
  $ZodEnum,
  $ZodNumber,
  $ZodOptional,
  $ZodString,
} from "zod/v4/core";
import { firstIssue } from "../../protocol/issue.ts";
import type { Kind } from "./kinds.ts";

/**
 * What `schema` takes. YAML is taken as it is; text as text, else as JSON, else as a list with commas between its items. The value
 * is given back as it was written: the collector parses it when it is made.
 */
export function schemaKind(schema: z.core.$ZodType): Kind<unknown> {
  const accepts = (value: unknown) => z.safeParse(schema, value).success;
  return {
    get allowed() {
      return allowedBy(schema);
    },
    fromText: (text) => readings(text).find(accepts),
    fromYaml: (value) => accepts(value) ? value : undefined,
    complaint(value) {
      const { error } = z.safeParse(schema, value);
      return error === undefined ? undefined : firstIssue(error);
    },
  };
}

function readings(text: string): unknown[] {
  const found: unknown[] = [text];
  try {
    found.push(JSON.parse(text));
  } catch {
    // Not JSON: then it is text or a list.
  }
  return [...found, text.split(",").map((item) => item.trim())];
}

/** What a schema allows, in words that complete "must be …". */
export function allowedBy(schema: z.core.$ZodType): string {
  if (schema instanceof $ZodDefault || schema instanceof $ZodOptional) {
    return allowedBy(schema._zod.def.innerType);
  }
  if (schema instanceof $ZodEnum) return `one of ${Object.values(schema._zod.def.entries).join(", ")}`;
  if (schema instanceof $ZodArray) return `a list, each ${allowedBy(schema._zod.def.element)}`;
  if (schema instanceof $ZodBoolean) return "true or false";
  if (schema instanceof $ZodNumber) return allowedNumber(schema);
  return schema instanceof $ZodString ? "text" : "a section or list as described";
}

function allowedNumber(schema: $ZodNumber): string {
  const { type, minimum, maximum } = z.toJSONSchema(schema);
  const what = type === "integer" ? "a whole number" : "a number";
  // A whole number is bounded by what a number can hold: that says nothing.
  const bound = (value: number | undefined) =>
    value !== undefined && Math.abs(value) < Number.MAX_SAFE_INTEGER ? value : undefined;
  const [lowest, highest] = [bound(minimum), bound(maximum)];
  if (lowest !== undefined && highest !== undefined) return `${what} from ${lowest} to ${highest}`;
  if (lowest !== undefined) return `${what} of at least ${lowest}`;
  return highest === undefined ? what : `${what} of at most ${highest}`;
}
