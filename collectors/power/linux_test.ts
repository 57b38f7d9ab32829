import assert from "node:assert/strict";
import { batteryList, energyList } from "../../protocol/metrics/power.ts";
import { fakeClock } from "../../tests/support/fake_clock.ts";
import { fixtureHost, temporaryHost } from "../../tests/support/fixture_host.ts";
import { dataOf } from "../../tests/support/measurements.ts";
import { writeAttributes } from "../../tests/support/sysfs_tree.ts";
import { linuxPower } from "./linux.ts";
import { detectPower, powerDefinition } from "./mod.ts";

/** The one supply of a host that has these files. */
async function supplyOf(attributes: Readonly<Record<string, string | number>>) {
  using temporary = temporaryHost();
  writeAttributes(temporary, "class/power_supply/BAT0", { type: "Battery", ...attributes });
  return dataOf(await linuxPower(temporary.host).collect(), "battery_list", batteryList)?.supplies[0];
}

Deno.test("linuxPower reads a laptop's battery and mains, and leaves a mouse and an empty bay out", async () => {
  using temporary = temporaryHost();
  const folder = "class/power_supply";
  writeAttributes(temporary, `${folder}/AC`, { type: "Mains", online: 0 });
  writeAttributes(temporary, `${folder}/BAT0`, {
    type: "Battery",
    present: 1,
    status: "Discharging",
    technology: "Li-poly",
    cycle_count: 312,
    voltage_min_design: 11520000,
    voltage_now: 11934000,
    power_now: 8123000,
    energy_full_design: 57020000,
    energy_full: 48750000,
    energy_now: 32490000,
    capacity: 66,
    model_name: "01AV494",
    manufacturer: "SMP",
    serial_number: " 1234",
  });
  writeAttributes(temporary, `${folder}/BAT1`, { type: "Battery", present: 0, status: "Unknown" });
  writeAttributes(temporary, `${folder}/hidpp_battery_0`, { type: "Battery", scope: "Device", capacity: 5 });
  const measurements = await linuxPower(temporary.host).collect();
  assert.deepEqual(measurements.map(({ type }) => type), ["battery_list"]);
  assert.deepEqual(dataOf(measurements, "battery_list", batteryList)?.supplies, [
    { supply: "AC", kind: "mains", online: false },
    {
      supply: "BAT0",
      kind: "battery",
      state: "discharging",
      manufacturer: "SMP",
      model: "01AV494",
      serial: "1234",
      technology: "Li-poly",
      charge_pct: 66,
      power_watts: 8.12,
      voltage_volts: 11.934,
      energy_wh: 32.49,
      energy_full_wh: 48.75,
      energy_design_wh: 57.02,
      health_pct: 85.5,
      cycles: 312,
      time_left_seconds: 14404,
    },
  ]);
});

Deno.test("linuxPower turns charges into energies by the nominal voltage, and takes a negative current for its size", async () => {
  const supply = await supplyOf({
    status: "Charging",
    voltage_min_design: 7600000,
    voltage_now: 8000000,
    current_now: -1500000,
    charge_now: 3000000,
    charge_full: 5000000,
    charge_full_design: 5200000,
    temp: 312,
  });
  assert.deepEqual(supply, {
    supply: "BAT0",
    kind: "battery",
    state: "charging",
    charge_pct: 60,
    power_watts: 12,
    voltage_volts: 8,
    energy_wh: 22.8,
    energy_full_wh: 38,
    energy_design_wh: 39.52,
    health_pct: 96.15,
    time_to_full_seconds: 4560,
    temperature: 31.2,
  });
});

const odd: readonly [what: string, attributes: Record<string, string | number>, expected: unknown][] = [
  ["there is only a type", {}, { supply: "BAT0", kind: "battery" }],
  [
    "it is full and nothing flows",
    { status: "Full", capacity: 100, power_now: 0, energy_now: 5000000, energy_full: 5000000 },
    {
      supply: "BAT0",
      kind: "battery",
      state: "full",
      charge_pct: 100,
      power_watts: 0,
      energy_wh: 5,
      energy_full_wh: 5,
    },
  ],
  [
    "only the driver knows the time",
    { status: "Discharging", capacity: 104, time_to_empty_now: 5400, serial_number: "0000" },
    { supply: "BAT0", kind: "battery", state: "discharging", charge_pct: 100, time_left_seconds: 5400 },
  ],
  [
    "the driver's time stands for none",
    {
      status: "Discharging",
      time_to_empty_avg: 3932100,
      cycle_count: 0,
      voltage_now: 0,
      model_name: "Unknown",
    },
    { supply: "BAT0", kind: "battery", state: "discharging" },
  ],
  [
    "values are no numbers",
    { status: "Discharging", capacity: "", energy_now: "N/A", power_now: "-" },
    { supply: "BAT0", kind: "battery", state: "discharging" },
  ],
];
for (const [what, attributes, expected] of odd) {
  Deno.test(`linuxPower leaves out what the driver does not know when ${what}`, async () => {
    assert.deepEqual(await supplyOf(attributes), expected);
  });
}

const packages: Readonly<Record<string, Readonly<Record<string, string | number>>>> = {
  "intel-rapl:0": { name: "package-0", energy_uj: 1000000, max_energy_range_uj: 262143328850 },
  "intel-rapl:0:0": { name: "core", energy_uj: 262143000000, max_energy_range_uj: 262143328850 },
  "intel-rapl:1": { name: "package-1", energy_uj: 5000000 },
  "intel-rapl-mmio:0": { name: "package-0", energy_uj: 1000000 },
};

Deno.test("linuxPower counts energy on when the processor's counter starts again, and gives the mean power", async () => {
  const clock = fakeClock();
  using temporary = temporaryHost({}, clock);
  const write = (name: string, attributes: Readonly<Record<string, string | number>>) =>
    writeAttributes(temporary, `class/powercap/${name}`, attributes);
  for (const [name, attributes] of Object.entries(packages)) write(name, attributes);
  writeAttributes(temporary, "class/powercap/intel-rapl", { enabled: 1 });
  const collector = linuxPower(temporary.host);
  const zones = async () => dataOf(await collector.collect(), "energy_list", energyList)?.zones;
  assert.deepEqual(await zones(), [
    { zone: "package-0", energy_joules: 1 },
    { zone: "package-0 core", energy_joules: 262143 },
    { zone: "package-1", energy_joules: 5 },
  ]);
  await clock.advance(10_000);
  write("intel-rapl:0", { energy_uj: 151000000 });
  write("intel-rapl:0:0", { energy_uj: 99671150 }); // 328.85 mJ to the end of its range, and on.
  write("intel-rapl:1", { energy_uj: 2000000 }); // It started again, and its range is not known.
  assert.deepEqual(await zones(), [
    { zone: "package-0", energy_joules: 151, power_watts: 15 },
    { zone: "package-0 core", energy_joules: 262243, power_watts: 10 },
    { zone: "package-1", energy_joules: 7, power_watts: 0.2 },
  ]);
});

Deno.test("linuxPower gives the batteries and says what to grant when energy counters may not be read", async () => {
  using temporary = temporaryHost();
  writeAttributes(temporary, "class/power_supply/AC", { type: "Mains", online: 1 });
  writeAttributes(temporary, "class/powercap/intel-rapl:0", { name: "package-0", energy_uj: 1 });
  const measurements = await linuxPower(temporary.host, () => "denied").collect();
  assert.equal(dataOf(measurements, "battery_list", batteryList)?.supplies[0]?.online, true);
  const energy = dataOf(measurements, "energy_list", energyList);
  assert.deepEqual(energy?.zones, []);
  assert.match(energy?.denied ?? "", /readable by root only.*CAP_DAC_READ_SEARCH/);
});

Deno.test("detectPower is available, denied or unsupported by what the host has", () => {
  using temporary = temporaryHost();
  assert.equal(powerDefinition.detect(fixtureHost("firecracker_vm")).status, "unsupported");
  writeAttributes(temporary, "class/power_supply/hidpp_battery_0", { type: "Battery", scope: "Device" });
  assert.equal(powerDefinition.detect(temporary.host).status, "unsupported");
  writeAttributes(temporary, "class/powercap/intel-rapl:0", { name: "package-0", energy_uj: 1 });
  assert.equal(powerDefinition.detect(temporary.host).status, "available");
  assert.equal(detectPower(temporary.host, () => "denied").status, "denied");
  writeAttributes(temporary, "class/power_supply/AC", { type: "Mains", online: 1 });
  assert.equal(detectPower(temporary.host, () => "denied").status, "available");
});
