import assert from "node:assert/strict";
import { resolve } from "node:path";
import * as kinds from "./kinds.ts";

/** Text as it comes from flags and environment, and its value; `undefined` is a refusal. */
const texts: readonly [string, kinds.Kind<unknown>, string, unknown][] = [
  ["hostname", kinds.hostname, "web-01.example.org", "web-01.example.org"],
  ["hostname", kinds.hostname, "rechner-münchen", "rechner-münchen"],
  ["hostname", kinds.hostname, "two words", undefined],
  ["hostname", kinds.hostname, "evil\x1b[2J", undefined],
  ["hostname", kinds.hostname, "evil\u202egnp", undefined],
  ["hostname", kinds.hostname, "x".repeat(256), undefined],
  ["hostname", kinds.hostname, "x".repeat(3_000_000), undefined],
  ["url", kinds.url, "https://spectra.example.org/", "https://spectra.example.org"],
  ["url", kinds.url, "http://10.0.0.1:8080/base/", "http://10.0.0.1:8080/base"],
  ["url", kinds.url, "spectra.example.org", undefined],
  ["url", kinds.url, "ftp://spectra.example.org", undefined],
  ["url", kinds.url, "https://user:secret@spectra.example.org", undefined],
  ["url", kinds.url, "https://spectra.example.org/?token=x", undefined],
  ["url", kinds.url, "https://", undefined],
  ["listen", kinds.listenAddress, "127.0.0.1:8080", { hostname: "127.0.0.1", port: 8080 }],
  ["listen", kinds.listenAddress, "[::1]:0", { hostname: "::1", port: 0 }],
  ["listen", kinds.listenAddress, ":80", { hostname: "0.0.0.0", port: 80 }],
  ["listen", kinds.listenAddress, "localhost:65535", { hostname: "localhost", port: 65_535 }],
  ["listen", kinds.listenAddress, "127.0.0.1:65536", undefined],
  ["listen", kinds.listenAddress, "127.0.0.1", undefined],
  ["listen", kinds.listenAddress, "8080", undefined],
  ["listen", kinds.listenAddress, "::1:8080", undefined],
  ["listen", kinds.listenAddress, "127.0.0.1:-1", undefined],
  ["listen", kinds.listenAddress, "", undefined],
  ["boolean", kinds.boolean, "TRUE", true],
  ["boolean", kinds.boolean, "no", false],
  ["boolean", kinds.boolean, "1", true],
  ["boolean", kinds.boolean, "maybe", undefined],
  ["integer", kinds.integer(50, 500), "50", 50],
  ["integer", kinds.integer(50, 500), "49", undefined],
  ["integer", kinds.integer(50, 500), "501", undefined],
  ["integer", kinds.integer(50, 500), "1e2", undefined],
  ["integer", kinds.integer(50, 500), "100.0", undefined],
  ["integer", kinds.integer(50, 500), " 100", undefined],
  ["number", kinds.number(0, 100), "1.5", 1.5],
  ["number", kinds.number(0, 100), "NaN", undefined],
  ["seconds", kinds.seconds(10, 300), "1m", 60],
  ["seconds", kinds.seconds(10, 300), "9", undefined],
  ["seconds", kinds.seconds(10, 300), "5m1s", undefined],
  ["choice", kinds.choice(["debug", "warning"], new Map([["warn", "warning"]])), "WARN", "warning"],
  ["choice", kinds.choice(["debug", "warning"]), "constructor", undefined],
  ["choice", kinds.choice(["debug", "warning"]), "__proto__", undefined],
  ["identifier", kinds.identifier(10), "abc1234567", "abc1234567"],
  ["identifier", kinds.identifier(10), "abc", undefined],
  ["path", kinds.path, "/var/lib/spectra", resolve("/var/lib/spectra")],
  ["path", kinds.path, "data", resolve("data")],
  ["path", kinds.path, "", undefined],
  ["path", kinds.path, "a\0b", undefined],
  ["text", kinds.text(3), "abc", "abc"],
  ["text", kinds.text(3), "abcd", undefined],
  ["names", kinds.names, "eth0, eth1", ["eth0", "eth1"]],
  ["names", kinds.names, "eth0,,eth1", undefined],
];
for (const [name, kind, text, expected] of texts) {
  Deno.test(`${name} reads ${JSON.stringify(text.slice(0, 40))} as ${JSON.stringify(expected)}`, () => {
    assert.deepEqual(kind.fromText(text), expected);
  });
}

/** Values as YAML gives them. */
const yamls: readonly [string, kinds.Kind<unknown>, unknown, unknown][] = [
  ["boolean", kinds.boolean, true, true],
  ["boolean", kinds.boolean, "off", false],
  ["boolean", kinds.boolean, 1, undefined],
  ["integer", kinds.integer(50, 500), 100, 100],
  ["integer", kinds.integer(50, 500), "100", undefined],
  ["integer", kinds.integer(50, 500), 100.5, undefined],
  ["integer", kinds.integer(50, 500), NaN, undefined],
  ["integer", kinds.integer(50, 500), Infinity, undefined],
  ["number", kinds.number(0, 100), NaN, undefined],
  ["seconds", kinds.seconds(10, 300), 30, 30],
  ["seconds", kinds.seconds(10, 300), "30s", 30],
  ["seconds", kinds.seconds(10, 300), NaN, undefined],
  ["seconds", kinds.seconds(10, 300), true, undefined],
  ["hostname", kinds.hostname, 17, undefined],
  ["names", kinds.names, ["eth0"], ["eth0"]],
  ["names", kinds.names, [17], undefined],
  ["section", kinds.section, { anything: [1] }, { anything: [1] }],
];
for (const [name, kind, value, expected] of yamls) {
  Deno.test(`${name} reads the YAML value ${String(value)} (${typeof value}) as ${JSON.stringify(expected)}`, () => {
    assert.deepEqual(kind.fromYaml(value), expected);
  });
}

Deno.test("formatAddress puts IPv6 in brackets", () => {
  assert.equal(kinds.formatAddress({ hostname: "::1", port: 8080 }), "[::1]:8080");
  assert.equal(kinds.formatAddress({ hostname: "127.0.0.1", port: 8080 }), "127.0.0.1:8080");
});
