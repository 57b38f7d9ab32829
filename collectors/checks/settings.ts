/** Settings of the `checks` collector: what is checked, and how. */
import * as z from "zod/mini";
import { seconds, uniqueNames, webAddress } from "../setting_schemas.ts";

const text = (maxLength: number) => z.string().check(z.minLength(1), z.maxLength(maxLength));

const common = {
  /** What the check is called. */
  name: text(128),
  /** Shortest time from check to check; the pace of the collector is the fastest that there is. */
  interval_seconds: z._default(seconds(1, 86_400), 60),
  timeout_seconds: z._default(seconds(0.1, 60), 5),
};

const tcp = z.strictObject({
  ...common,
  kind: z.literal("tcp"),
  host: text(253),
  port: z.number().check(z.int(), z.minimum(1), z.maximum(65_535)),
});

const http = z.strictObject({
  ...common,
  kind: z.literal("http"),
  url: webAddress(),
  /** Statuses that are right; any from 200 to 399 when absent. */
  status: z.optional(
    z.array(z.number().check(z.int(), z.minimum(100), z.maximum(599))).check(z.minLength(1)),
  ),
  /** Text that the first 256 KiB of the body must hold. */
  keyword: z.optional(text(1_024)),
  /** Text that they must not hold. */
  absent_keyword: z.optional(text(1_024)),
  follow_redirects: z._default(z.boolean(), false),
});

const dns = z.strictObject({
  ...common,
  kind: z.literal("dns"),
  /** The name that is asked for. */
  query: text(253),
  record: z._default(z.enum(["A", "AAAA", "CNAME", "MX", "NS", "PTR", "TXT"]), "A"),
  /** One of the answers must be this. */
  expected: z.optional(text(1_024)),
  /** Address and port of the server that is asked; the host's own when absent. */
  server: z.optional(z.strictObject({
    address: text(64),
    port: z._default(z.number().check(z.int(), z.minimum(1), z.maximum(65_535)), 53),
  })),
});

const icmp = z.strictObject({
  ...common,
  kind: z.literal("icmp"),
  host: text(253),
  /** Echo requests in one check. */
  count: z._default(z.number().check(z.int(), z.minimum(1), z.maximum(20)), 3),
});

/** Settings of the `checks` collector. */
export const checkSettings = z.object({
  targets: z._default(
    z.array(z.discriminatedUnion("kind", [tcp, http, dns, icmp])).check(z.maxLength(500), uniqueNames()),
    [],
  ),
});

/** Parsed {@linkcode checkSettings}. */
export type CheckSettings = z.infer<typeof checkSettings>;
/** One configured check. */
export type CheckTarget = CheckSettings["targets"][number];
/** A configured check of one kind. */
export type CheckTargetOf<Kind extends CheckTarget["kind"]> = Extract<CheckTarget, { kind: Kind }>;
