import assert from "node:assert/strict";
import * as z from "zod/mini";
import { smart } from "../../protocol/metrics/smart.ts";
import { type Drive, parseSmartctl } from "./parse.ts";

function fixture(name: string): string {
  return Deno.readTextFileSync(new URL(`../../tests/fixtures/smart/${name}.json`, import.meta.url));
}

function parse(device: string, code: number, stdout: string | object): Drive {
  const text = typeof stdout === "string" ? stdout : JSON.stringify(stdout);
  return z.parse(smart, parseSmartctl(device, code, text));
}

Deno.test("parseSmartctl reads health, temperature and the health log when a drive is NVMe", () => {
  assert.deepEqual(parse("nvme0", 0, fixture("smart-nvme0")), {
    device: "nvme0",
    status: "ok",
    protocol: "NVMe",
    model: "QEMU NVMe Ctrl",
    serial: "NVSER01",
    firmware: "7.2.22",
    temperature: 50,
    power_on_seconds: 0,
    power_cycles: 0,
    critical_warning: 0,
    wear_percent: 0,
    available_spare_percent: 0,
    available_spare_threshold_percent: 0,
    read_bytes: 7 * 512_000,
    written_bytes: 0,
    unsafe_shutdowns: 0,
    media_errors: 0,
    error_log_entries: 0,
    passed: true,
  });
});

Deno.test("parseSmartctl says failing, and why, when a drive says so", () => {
  const drive = parse("nvme0", 8, fixture("smart-nvme-fail"));
  assert.equal(drive.status, "failing");
  assert.equal(drive.passed, false);
  assert.deepEqual(drive.warnings, [
    "The drive says that it is failing: save its data and replace it.",
    "The drive is no longer reliable: too many errors.",
  ]);
});

Deno.test("parseSmartctl reads attributes and counts the predictive ones when a drive is ATA", () => {
  const drive = parse("sdb", 0, fixture("smart-sdb"));
  assert.equal(drive.status, "ok");
  assert.equal(drive.model, "QEMUSATA");
  assert.equal(drive.capacity_bytes, 268_435_456);
  assert.equal(drive.reallocated_sectors, 0);
  assert.equal(drive.self_test, undefined, "it was never tested");
  const attribute = drive.attributes?.find(({ id }) => id === 5);
  assert.equal(attribute?.name, "Reallocated_Sector_Ct");
  assert.equal(attribute?.predictive, true);
  assert.deepEqual([attribute?.value, attribute?.worst, attribute?.threshold, attribute?.raw], [
    100,
    100,
    36,
    0,
  ]);
});

Deno.test("parseSmartctl says unsupported and keeps the identity when a drive has no SMART", () => {
  const drive = parse("sda", 4, fixture("smart-sda"));
  assert.equal(drive.status, "unsupported");
  assert.equal(drive.reason, "the drive has no SMART");
  assert.deepEqual([drive.protocol, drive.model, drive.serial], ["SCSI", "QEMU QEMU HARDDISK", "SCSISER1"]);
  assert.equal(drive.temperature, undefined, "0 is no temperature");
});

const ata = {
  device: { protocol: "ATA" },
  rotation_rate: 0,
  smart_support: { available: true, enabled: true },
  smart_status: { passed: true },
  ata_smart_attributes: {
    table: [
      {
        id: 5,
        name: "Reallocated_Sector_Ct",
        value: 1,
        worst: 1,
        thresh: 10,
        when_failed: "now",
        raw: { value: 2 ** 40 + 7 },
      },
      {
        id: 188,
        name: "Command_Timeout",
        value: 100,
        worst: 99,
        thresh: 0,
        when_failed: "",
        raw: { value: 8590065666 },
      },
      {
        id: 177,
        name: "Wear_Leveling_Count",
        value: 93,
        worst: 93,
        thresh: 0,
        when_failed: "",
        raw: { value: 141 },
      },
    ],
  },
  ata_smart_error_log: { extended: { count: 12 }, summary: { count: 5 } },
  ata_smart_self_test_log: {
    standard: { table: [{ status: { string: "Completed: read failure", passed: false } }] },
  },
};

Deno.test("parseSmartctl takes counts, wear, logs and every exit bit when an ATA drive is near its end", () => {
  const drive = parse("sda", 0b1111_0100, ata);
  assert.equal(drive.status, "failing");
  assert.equal(drive.reallocated_sectors, 7, "without what the vendor packs above");
  assert.equal(drive.wear_percent, 7);
  assert.equal(drive.error_log_entries, 12);
  assert.deepEqual([drive.self_test, drive.self_test_passed], ["Completed: read failure", false]);
  assert.deepEqual(drive.warnings, [
    "A prefailure attribute is at its threshold.",
    "An attribute was at its threshold in the past.",
    "The drive's error log has entries.",
    "A self-test of the drive failed.",
    "Attribute 5 Reallocated_Sector_Ct is at its threshold.",
  ]);
});

Deno.test("parseSmartctl reads defects, uncorrected errors and self-test when a drive is SAS", () => {
  const drive = parse("sdc", 0, {
    device: { protocol: "SCSI" },
    smart_support: { available: true, enabled: true },
    smart_status: { passed: true },
    temperature: { current: 31 },
    scsi_grown_defect_list: 3,
    scsi_percentage_used_endurance_indicator: 104,
    scsi_error_counter_log: { read: { total_uncorrected_errors: 1 }, write: { total_uncorrected_errors: 2 } },
    scsi_self_test_0: { result: { value: 0, string: "Completed" } },
  });
  assert.deepEqual(
    [drive.status, drive.reallocated_sectors, drive.media_errors, drive.wear_percent, drive.self_test_passed],
    ["ok", 3, 3, 104, true],
  );
});

const message = (string: string) => ({ smartctl: { messages: [{ string, severity: "error" }] } });
const unread: readonly [
  what: string,
  code: number,
  stdout: string | object,
  status: string,
  reason: RegExp,
][] = [
  ["it sleeps", 3, "", "sleeping", /left alone/],
  [
    "it is a virtual disk",
    1,
    message("/dev/vda: Unable to detect device type"),
    "unsupported",
    /virtual disks/,
  ],
  [
    "it may not be opened",
    2,
    message("Smartctl open device: /dev/sda failed: Permission denied"),
    "denied",
    /CAP_SYS_RAWIO/,
  ],
  [
    "it can't be opened",
    2,
    message("Smartctl open device: /dev/sda failed: No such device"),
    "unreadable",
    /No such device/,
  ],
  [
    "SMART is switched off",
    4,
    { smart_support: { available: true, enabled: false } },
    "unsupported",
    /smartctl -s on \/dev\/sda/,
  ],
  ["smartctl is old", 0, "=== START OF INFORMATION SECTION ===", "unreadable", /7\.0 or later/],
  ["the output is cut off", 0, '{"smartctl":{"exit_st', "unreadable", /no JSON/],
  ["the output is no object", 0, "[1]", "unreadable", /no JSON/],
];
for (const [what, code, stdout, status, reason] of unread) {
  Deno.test(`parseSmartctl says ${status} with the reason when ${what}`, () => {
    const drive = parse("sda", code, stdout);
    assert.equal(drive.status, status);
    assert.match(drive.reason ?? "", reason);
  });
}

Deno.test("parseSmartctl keeps the rest when parts are of the wrong kind or too long", () => {
  const drive = parse("sda", 0, {
    ...ata,
    temperature: "warm",
    ata_smart_error_log: [],
    serial_number: "s".repeat(5000),
    ata_smart_attributes: { table: Array.from({ length: 500 }, (_, id) => ({ id })) },
  });
  assert.equal(drive.passed, true);
  assert.equal(drive.temperature, undefined);
  assert.equal(drive.serial?.length, 1024);
  assert.equal(drive.attributes?.length, 64);
});
