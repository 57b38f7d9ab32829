/** Where a network diagnostic goes: `host:port` or `[IPv6]:port`, and where none may go. */

/** A host and a port. */
export interface Target {
  /** Name or address, without brackets. */
  readonly host: string;
  readonly port: number;
}

/** Reads a target. @throws When it is neither `host:port` nor `[IPv6]:port`; the message says what is allowed. */
export function parseTarget(target: string): Target {
  const match = /^(?:\[([0-9A-Fa-f:.]+(?:%[\w.-]+)?)\]|([^\s:[\]/@]+)):(\d{1,5})$/.exec(target);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  if (host === undefined || port < 1 || port > 65_535) {
    throw new Error(`The target must be host:port or [IPv6]:port with a port of 1 to 65535, not "${target}"`);
  }
  return { host, port };
}

/**
 * Addresses at which clouds hand credentials to whoever asks from the host itself. A diagnosis never needs them, and
 * the server must not become a way to them.
 */
const metadataAddresses = ["169.254.169.254", "169.254.170.2", "fd00:ec2::254"];

/** Whether an address, as a resolver writes it, is one of a cloud's metadata service. */
export function isMetadataAddress(address: string): boolean {
  return metadataAddresses.includes(canonicalAddress(address));
}

/** One form of an address: IPv6 shortened as RFC 5952 has it, IPv4 inside IPv6 as plain IPv4. */
function canonicalAddress(address: string): string {
  const withoutZone = address.split("%")[0] ?? address;
  if (!withoutZone.includes(":")) return withoutZone;
  const url = URL.parse(`http://[${withoutZone}]/`);
  const short = url === null ? withoutZone : url.hostname.slice(1, -1);
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(short);
  if (mapped === null) return short;
  const high = parseInt(mapped[1] ?? "", 16);
  const low = parseInt(mapped[2] ?? "", 16);
  return [high >> 8, high & 0xff, low >> 8, low & 0xff].join(".");
}
