import assert from "node:assert/strict";
import { ipAddressText, parseIpAddress } from "./ip_address.ts";

const addresses: readonly [written: string, canonical: string][] = [
  ["0.0.0.0", "0.0.0.0"],
  ["192.0.2.255", "192.0.2.255"],
  ["::", "::"],
  ["::1", "::1"],
  ["fe80::", "fe80::"],
  ["2001:DB8:0:0:0:0:0:1", "2001:db8::1"],
  ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
  ["2001:0:0:1:0:0:0:1", "2001:0:0:1::1"],
  ["::ffff:127.0.0.1", "::ffff:127.0.0.1"],
];
for (const [written, canonical] of addresses) {
  Deno.test(`parseIpAddress reads ${written} and ipAddressText writes ${canonical}`, () => {
    const bytes = parseIpAddress(written);
    assert.ok(bytes !== undefined);
    assert.equal(ipAddressText(bytes), canonical);
  });
}

for (
  const text of ["", "example.org", "256.1.1.1", "1.2.3", "fe80::1%eth0", ":::", "1:2", "::1]/@", "0x7f.1"]
) {
  Deno.test(`parseIpAddress gives nothing for "${text}"`, () => {
    assert.equal(parseIpAddress(text), undefined);
  });
}
