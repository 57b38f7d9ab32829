import assert from "node:assert/strict";
import { isMetadataAddress, parseTarget } from "./target.ts";

Deno.test("parseTarget reads names and addresses with a port", () => {
  assert.deepEqual(parseTarget("example.org:443"), { host: "example.org", port: 443 });
  assert.deepEqual(parseTarget("192.0.2.7:1"), { host: "192.0.2.7", port: 1 });
  assert.deepEqual(parseTarget("[2001:db8::7]:65535"), { host: "2001:db8::7", port: 65_535 });
  assert.deepEqual(parseTarget("[fe80::1%eth0]:22"), { host: "fe80::1%eth0", port: 22 });
});

Deno.test("parseTarget says what is allowed when a target is something else", () => {
  const wrong = [
    "",
    "example.org",
    "example.org:",
    "example.org:0",
    "example.org:65536",
    "example.org:99999999",
    ":80",
    "2001:db8::7:80",
    "[2001:db8::7]",
    "http://example.org:80",
    "user@example.org:80",
    "example.org:80/path",
    "two words:80",
    "example.org:80\n",
  ];
  for (const target of wrong) {
    assert.throws(() => parseTarget(target), /must be host:port or \[IPv6\]:port/, target);
  }
});

Deno.test("isMetadataAddress knows every way to write one", () => {
  const table: [string, boolean][] = [
    ["169.254.169.254", true],
    ["169.254.170.2", true],
    ["::ffff:169.254.169.254", true],
    ["::ffff:a9fe:a9fe", true],
    ["0:0:0:0:0:FFFF:A9FE:A9FE", true],
    ["fd00:ec2::254", true],
    ["FD00:0EC2:0:0:0:0:0:254", true],
    ["fd00:ec2::254%eth0", true],
    ["169.254.169.253", false],
    ["fd00:ec2::253", false],
    ["::1", false],
    ["127.0.0.1", false],
  ];
  for (const [address, expected] of table) assert.equal(isMetadataAddress(address), expected, address);
});
