/** IP addresses as bytes (4 or 16, network order) and as text. */

/** The address as text: dotted, or shortened as RFC 5952 has it. `bytes` are 4 or 16. */
export function ipAddressText(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join(".");
  const groups = Array.from(
    { length: 8 },
    (_, index) => ((bytes[index * 2] ?? 0) * 256 + (bytes[index * 2 + 1] ?? 0)).toString(16),
  );
  if (groups.slice(0, 5).every((group) => group === "0") && groups[5] === "ffff") {
    return `::ffff:${bytes.subarray(12).join(".")}`; // IPv4 inside IPv6.
  }
  let start = 0;
  let length = 1; // A single group of zeros is not shortened.
  for (let at = 0; at < 8; at++) {
    let end = at;
    while (groups[end] === "0") end++;
    if (end - at > length) [start, length] = [at, end - at];
  }
  if (length === 1) return groups.join(":");
  return `${groups.slice(0, start).join(":")}::${groups.slice(start + length).join(":")}`;
}

/** The bytes of an address; `undefined` for anything else (names, zones such as `%eth0`, shortened IPv4). */
export function parseIpAddress(text: string): Uint8Array<ArrayBuffer> | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1).map(Number);
  if (parts !== undefined) return parts.every((part) => part < 256) ? new Uint8Array(parts) : undefined;
  if (!/^[0-9A-Fa-f:.]+$/.test(text) || !text.includes(":")) return undefined;
  const hostname = URL.parse(`http://[${text}]/`)?.hostname;
  if (hostname === undefined) return undefined;
  // The parser has checked and normalised it: groups in hexadecimal, at most one "::".
  const [head = "", tail] = hostname.slice(1, -1).split("::");
  const groupsOf = (half: string) => half === "" ? [] : half.split(":").map((group) => parseInt(group, 16));
  const first = groupsOf(head);
  const last = groupsOf(tail ?? "");
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  first.forEach((group, index) => view.setUint16(index * 2, group));
  last.forEach((group, index) => view.setUint16((8 - last.length + index) * 2, group));
  return bytes;
}
