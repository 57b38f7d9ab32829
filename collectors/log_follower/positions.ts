/** Where reading stopped, as it is kept over a restart. */
import * as z from "zod/mini";

const filePositionSchema = z.object({
  path: z.string(),
  inode: z.number(),
  /** Everything before was given. */
  offset: z.number().check(z.minimum(0)),
  /** The offset stands inside a line that was cut. */
  discarding: z.boolean(),
  fingerprint: z.object({ bytes: z.number(), hash: z.string() }),
});

/** Where one file stands. The device is not kept: its number may change with every boot. */
export type FilePosition = z.infer<typeof filePositionSchema>;

/** Positions of a collector's sources. */
export const positionsSchema = z.object({
  /** Files of each pattern. */
  files: z.record(z.string(), z.array(filePositionSchema)),
  /** Cursor of the last journal entry that was given. */
  cursor: z.optional(z.string()),
});

/** Positions of a collector's sources. */
export type Positions = z.infer<typeof positionsSchema>;
