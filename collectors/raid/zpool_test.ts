import assert from "node:assert/strict";
import { parseZpoolList, parseZpoolStatus } from "./zpool.ts";
import { parseScan } from "./zpool_scan.ts";

function fixture(name: string): string {
  return Deno.readTextFileSync(new URL(`../../tests/fixtures/zpool/${name}.txt`, import.meta.url));
}

Deno.test("parseZpoolList reads sizes and leaves out what a pool does not know", () => {
  const pools = parseZpoolList(fixture("list"));
  assert.deepEqual(Object.fromEntries(pools), {
    rpool: { size_bytes: 498216206336, allocated_bytes: 105226698752, fragmentation_percent: 12 },
    tank: { size_bytes: 3985729650688, allocated_bytes: 2147483648 },
  });
  assert.equal(parseZpoolList("no pools available\n").size, 0);
});

Deno.test("parseZpoolStatus reads members, errors and the resilver when a pool is degraded", () => {
  const tank = parseZpoolStatus(fixture("status")).get("tank");
  assert.equal(tank?.level, "raidz2");
  assert.deepEqual(
    [tank?.devices_total, tank?.devices_active, tank?.devices_missing, tank?.devices_spare],
    [5, 4, 1, 1],
  );
  assert.deepEqual([tank?.read_errors, tank?.write_errors, tank?.checksum_errors], [3, 12, 17]);
  assert.deepEqual(
    [tank?.sync_action, tank?.sync_percent, tank?.sync_bytes_per_second, tank?.sync_finish_seconds],
    ["resilver", 21.38, 277 * 2 ** 20, 86_400 + 3600 + 30 * 60 + 5],
  );
  assert.match(tank?.detail ?? "", /currently being resilvered.* Permanent errors .*film\.mkv$/);
  assert.deepEqual(tank?.members?.map(({ name, state }) => `${name} ${state}`), [
    "sda ONLINE",
    "sdb ONLINE",
    "1234567890123456789 UNAVAIL",
    "sdx ONLINE",
    "sdd ONLINE",
    "nvme0n1p1 ONLINE",
    "nvme1n1p1 ONLINE",
    "nvme0n1p2 ONLINE",
    "sdy AVAIL",
  ]);
});

Deno.test("parseZpoolStatus reads the last scrub when nothing is wrong with a pool", () => {
  const pool = parseZpoolStatus(fixture("status")).get("rpool");
  assert.equal(pool?.detail, undefined);
  assert.equal(pool?.level, undefined, "one disk has no level");
  assert.deepEqual([pool?.devices_total, pool?.devices_missing, pool?.scrub_errors], [1, 0, 0]);
  assert.equal(pool?.scrub_finished, Date.parse("Sun Nov  8 00:34:34 2026") / 1000);
});

Deno.test("parseZpoolStatus gives what there is when its input is cut off or not its own", () => {
  assert.equal(parseZpoolStatus("no pools available\n").size, 0);
  assert.equal(parseZpoolStatus("").size, 0);
  const cut = parseZpoolStatus(fixture("status").slice(0, 250));
  assert.deepEqual([...cut.keys()], ["rpool"]);
});

const scans: readonly [text: string, expected: object][] = [
  ["none requested", {}],
  ["", {}],
  ["scrub canceled on Sun Nov  8 00:34:34 2026", { scrub: "scrub canceled on Sun Nov  8 00:34:34 2026" }],
  [
    "scrub in progress since Sun Nov  8 00:24:02 2026\n\t10.5G scanned out of 20G at 105M/s, 00:01:33 to go\n\t0 repaired, 52.50% done",
    {
      scrub: "scrub in progress since Sun Nov  8 00:24:02 2026",
      sync_action: "scrub",
      sync_percent: 52.5,
      sync_bytes_per_second: 105 * 2 ** 20,
      sync_finish_seconds: 93,
    },
  ],
  ["scrub repaired 0 in 1s with 2 errors on someday", {
    scrub: "scrub repaired 0 in 1s with 2 errors on someday",
    scrub_errors: 2,
  }],
];
for (const [text, expected] of scans) {
  Deno.test(`parseScan understands ${JSON.stringify(text.slice(0, 40))}`, () => {
    assert.deepEqual(parseScan(text), expected);
  });
}
