/** What should listen and what should not, judged against what does. */
import * as z from "zod/mini";
import { ipAddressText, parseIpAddress } from "../../lib/ip_address.ts";
import type { MetricData } from "../../protocol/metrics/mod.ts";

type Port = MetricData<"port_list">["ports"][number];

const address = z.pipe(
  z.string().check(z.refine((text) => parseIpAddress(text) !== undefined, {
    error: "must be an IPv4 or IPv6 address",
  })),
  z.transform((text) => ipAddressText(parseIpAddress(text) ?? new Uint8Array(4))),
);

/** Settings of the `ports` collector. */
export const portSettings = z.object({
  /** Ports that must listen (`listening: true`) or must not. */
  expect: z._default(
    z.array(z.strictObject({
      port: z.number().check(z.int(), z.minimum(1), z.maximum(65_535)),
      protocol: z._default(z.enum(["tcp", "udp"]), "tcp"),
      listening: z._default(z.boolean(), true),
      /** The address that it is about; any when absent. */
      address: z.optional(address),
    })).check(z.maxLength(1_000)),
    [],
  ),
  /** Whether what listens on all addresses must be expected. */
  only_expected_on_all_addresses: z._default(z.boolean(), false),
});

/** Parsed {@linkcode portSettings}. */
export type PortSettings = z.infer<typeof portSettings>;
type Rule = PortSettings["expect"][number];

/** Marks the ports that are expected and those that break a rule, and adds those that are missing. Without rules it changes nothing. */
export function judgePorts(
  ports: readonly Port[],
  settings: PortSettings,
): { ports: Port[]; violations?: number } {
  const { expect, only_expected_on_all_addresses: strict } = settings;
  if (expect.length === 0 && !strict) return { ports: [...ports] };
  const judged = ports.map((port) => {
    const rules = expect.filter((rule) => concerns(rule, port));
    const expected = rules.some((rule) => rule.listening);
    const violation = violationOf(port, rules, strict);
    return { ...port, expected, ...(violation === undefined ? {} : { violation }) };
  });
  const missing = expect.filter((rule) => rule.listening && !ports.some((port) => concerns(rule, port)));
  judged.push(...missing.map((rule) => ({
    protocol: rule.protocol,
    address: rule.address ?? "*",
    port: rule.port,
    listening: false,
    expected: true,
    violation: `nothing listens on ${rule.protocol} port ${rule.port}${
      rule.address === undefined ? "" : ` of ${rule.address}`
    }`,
  })));
  return { ports: judged, violations: judged.filter(({ violation }) => violation !== undefined).length };
}

function violationOf(port: Port, rules: readonly Rule[], strict: boolean): string | undefined {
  if (rules.some((rule) => !rule.listening)) return `${port.protocol} port ${port.port} must not listen`;
  if (!strict || !isAllAddresses(port.address)) return undefined;
  // A rule for one address does not allow all of them.
  const allowed = rules.some((rule) => rule.address === undefined || isAllAddresses(rule.address));
  return allowed
    ? undefined
    : `${port.protocol} port ${port.port} listens on all addresses and is not expected to`;
}

/** Whether a rule is about what listens here. What listens on all addresses listens on the rule's, too; `::` takes IPv4 as well. */
function concerns(rule: Rule, { protocol, port, address }: Port): boolean {
  if (rule.protocol !== protocol || rule.port !== port) return false;
  if (rule.address === undefined || rule.address === address || address === "::") return true;
  return address === "0.0.0.0" && !rule.address.includes(":");
}

function isAllAddresses(address: string): boolean {
  return address === "0.0.0.0" || address === "::";
}
