/** Times on the wire. */
import * as z from "zod/mini";

/** RFC 3339 timestamp with `Z` or an offset and any number of fraction digits. */
export const timestampSchema = z.iso.datetime({ offset: true });
