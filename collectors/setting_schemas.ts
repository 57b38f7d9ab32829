/** Parts that the settings of several collectors are made of. */
import * as z from "zod/mini";

/** A time in seconds. */
export function seconds(minimum: number, maximum: number) {
  return z.number().check(z.minimum(minimum), z.maximum(maximum));
}

/** An http or https address. Credentials have no place in it: it is reported. */
export function webAddress() {
  return z.string().check(
    z.maxLength(2_048),
    z.refine((text) => {
      const url = URL.parse(text);
      return url !== null && /^https?:$/.test(url.protocol) && url.username === "" && url.password === "";
    }, { error: "must be an http or https address without user name and password" }),
  );
}

/** Each entry of a list has a name that no other has. */
export function uniqueNames() {
  return z.refine<readonly { readonly name: string }[]>(
    (entries) => new Set(entries.map((entry) => entry.name)).size === entries.length,
    { error: "each needs a name of its own" },
  );
}
