/** Settings of the `custom` collector: where the users' own metrics come from. */
import * as z from "zod/mini";
import { parseIpAddress } from "../../lib/ip_address.ts";
import { seconds, uniqueNames, webAddress } from "../setting_schemas.ts";

const name = z.string().check(z.refine((text) => /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/.test(text), {
  error: "must be 1 to 64 letters, digits, points, hyphens or underscores",
}));
const scrape = z.strictObject({
  /** What its samples are marked with. */
  name,
  url: webAddress(),
  timeout_seconds: z._default(seconds(0.1, 30), 10),
});

const command = z.strictObject({
  /** What its samples are marked with. */
  name,
  /** Program and arguments; no shell reads them. It prints JSON or Prometheus text. */
  argv: z.tuple([z.string().check(z.minLength(1))], z.string()),
  interval_seconds: z._default(seconds(60, 86_400), 60),
  timeout_seconds: z._default(seconds(0.1, 300), 10),
});

/** Settings of the `custom` collector. */
export const customSettings = z.object({
  /** Directory of `*.prom` files in Prometheus text format. */
  textfile_directory: z.optional(
    z.string().check(z.refine((path) => path.startsWith("/"), { error: "must be an absolute path" })),
  ),
  scrape: z._default(z.array(scrape).check(z.maxLength(50), uniqueNames()), []),
  /** Hosts besides this one that may be scraped. */
  scrape_hosts: z._default(z.array(z.string()), []),
  commands: z._default(z.array(command).check(z.maxLength(50), uniqueNames()), []),
}).check(z.refine(
  ({ scrape, scrape_hosts }) => scrape.every(({ url }) => mayScrape(url, scrape_hosts)),
  { path: ["scrape"], error: "only addresses of this host, and of hosts named in scrape_hosts" },
));

/** Parsed {@linkcode customSettings}. */
export type CustomSettings = z.infer<typeof customSettings>;
/** A URL to read metrics from. */
export type Scrape = CustomSettings["scrape"][number];
/** A command that prints metrics. */
export type MetricsCommand = CustomSettings["commands"][number];

function mayScrape(url: string, hosts: readonly string[]): boolean {
  const hostname = URL.parse(url)?.hostname.replace(/^\[(.*)\]$/, "$1");
  if (hostname === undefined) return false;
  if (hostname === "localhost" || hostname === "::1" || hosts.includes(hostname)) return true;
  const address = parseIpAddress(hostname);
  return address?.length === 4 && address[0] === 127;
}
