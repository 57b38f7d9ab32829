import assert from "node:assert/strict";
import type { Measurement } from "../../protocol/metrics/mod.ts";
import {
  currentList,
  fanList,
  humidityList,
  powerList,
  temperatureList,
  voltageList,
} from "../../protocol/metrics/sensors.ts";
import { fakeClock } from "../../tests/support/fake_clock.ts";
import { fixtureHost, temporaryHost } from "../../tests/support/fixture_host.ts";
import { dataOf } from "../../tests/support/measurements.ts";
import { addHwmon, linkFolder, writeAttributes } from "../../tests/support/sysfs_tree.ts";
import type { Host } from "../collector.ts";
import { linuxSensors } from "./linux.ts";
import { sensorsDefinition } from "./mod.ts";
import { readChipInBackground } from "./reading.ts";

async function read(host: Host): Promise<Measurement[]> {
  const collector = linuxSensors(host);
  try {
    return await collector.collect();
  } finally {
    collector.close?.();
  }
}

Deno.test("linuxSensors names sensors by chip and label, with the hardware's limits, when it reads a laptop", async () => {
  using temporary = temporaryHost();
  addHwmon(temporary, "hwmon5", "platform/coretemp.0", {
    name: "coretemp",
    temp1_label: "Package id 0",
    temp1_input: 48000,
    temp1_max: 100000,
    temp1_crit: 100000,
    temp1_crit_alarm: 0,
    temp2_label: "Core 0",
    temp2_input: 46000,
    temp2_crit_alarm: 1,
  });
  addHwmon(temporary, "hwmon1", "virtual/thermal/thermal_zone0", { name: "acpitz", temp1_input: 27800 });
  addHwmon(temporary, "hwmon4", "platform/thinkpad_hwmon", {
    name: "thinkpad",
    fan1_input: 0,
    fan2_input: 65535,
    temp1_input: 48000,
    pwm1: 128,
  });
  const all = await read(temporary.host);
  assert.deepEqual(dataOf(all, "temperature_list", temperatureList)?.sensors, [
    { sensor: "acpitz", temperature: 27.8 },
    { sensor: "thinkpad", device: "platform/thinkpad_hwmon", temperature: 48 },
    {
      sensor: "coretemp Package id 0",
      device: "platform/coretemp.0",
      alarm: false,
      temperature: 48,
      max_temp: 100,
      crit_temp: 100,
    },
    { sensor: "coretemp Core 0", device: "platform/coretemp.0", alarm: true, temperature: 46 },
  ]);
  assert.deepEqual(dataOf(all, "fan_list", fanList)?.sensors, [
    { sensor: "thinkpad fan1", device: "platform/thinkpad_hwmon", rpm: 0 },
  ]);
  assert.deepEqual(all.map(({ type }) => type), ["temperature_list", "fan_list"]);
});

Deno.test("linuxSensors tells two drives apart by their serial numbers, whatever their hwmon numbers", async () => {
  const devices = async (first: string, second: string) => {
    using temporary = temporaryHost();
    for (const [name, card, serial] of [[first, "01", "S4EWNX0N100001"], [second, "02", "S4EWNX0N100002"]]) {
      const device = `devices/pci0000:00/0000:00:1d.0/0000:${card}:00.0/nvme/nvme${name}`;
      writeAttributes(temporary, device, { serial: `${serial}     ` });
      addHwmon(temporary, `hwmon${name}`, device.slice("devices/".length), {
        name: "nvme",
        temp1_label: "Composite",
        temp1_input: 40850,
        temp1_max: 65261850, // A drive that sets no limit says 0xffff kelvin.
        temp2_label: "Sensor 1",
        temp2_input: -273150, // A sensor that it does not have.
      });
    }
    return dataOf(await read(temporary.host), "temperature_list", temperatureList)?.sensors;
  };
  const expected = [
    { sensor: "nvme Composite", device: "S4EWNX0N100001", temperature: 40.85 },
    { sensor: "nvme Composite", device: "S4EWNX0N100002", temperature: 40.85 },
  ];
  assert.deepEqual(await devices("0", "1"), expected);
  assert.deepEqual(await devices("1", "0"), expected.toReversed());
});

Deno.test("linuxSensors reads voltages, currents, power and humidity in their units, and leaves out what is no reading", async () => {
  using temporary = temporaryHost();
  addHwmon(temporary, "hwmon0", "pci0000:00/0000:00:1f.4/i2c-3/3-0040", {
    name: "ina3221",
    in1_label: "VDD_IN",
    in1_input: 5056,
    in1_min: 4750,
    in1_max: 0,
    in2_label: "VDD_IN",
    in2_input: 65535000,
    in3_input: -12010,
    curr1_input: -1250,
    curr1_max: 3000,
    power1_input: 12500000,
    power1_average: 1,
    power1_cap: 25000000,
    power2_average: 3250000,
    humidity1_input: 43210,
    humidity2_input: 118000,
  });
  const all = await read(temporary.host);
  const device = "0000:00:1f.4/0040";
  assert.deepEqual(dataOf(all, "voltage_list", voltageList)?.sensors, [
    { sensor: "ina3221 VDD_IN in1", device, volts: 5.056, min_volts: 4.75 },
    { sensor: "ina3221 in3", device, volts: -12.01 },
  ]);
  assert.deepEqual(dataOf(all, "current_list", currentList)?.sensors, [
    { sensor: "ina3221", device, amperes: -1.25, max_amperes: 3 },
  ]);
  assert.deepEqual(dataOf(all, "power_list", powerList)?.sensors, [
    { sensor: "ina3221 power1", device, watts: 12.5, cap_watts: 25 },
    { sensor: "ina3221 power2", device, watts: 3.25 },
  ]);
  assert.deepEqual(dataOf(all, "humidity_list", humidityList)?.sensors, [
    { sensor: "ina3221 humidity1", device, humidity: 43.21 },
  ]);
});

const bogus: readonly [raw: string, why: string][] = [
  ["-128000", "a diode is not connected"],
  ["127000", "a diode is open"],
  ["255000", "all bits are set"],
  ["65261850", "a limit is unset"],
  ["-273150", "it is 0 kelvin"],
  ["", "the driver gives nothing"],
  ["N/A", "it is no number"],
];
for (const [raw, why] of bogus) {
  Deno.test(`linuxSensors leaves a temperature of ${JSON.stringify(raw)} out because ${why}`, async () => {
    using temporary = temporaryHost();
    addHwmon(temporary, "hwmon0", "platform/nct6775.656", {
      name: "nct6798",
      temp1_input: raw,
      temp2_input: 31500,
    });
    assert.deepEqual(dataOf(await read(temporary.host), "temperature_list", temperatureList)?.sensors, [
      { sensor: "nct6798 temp2", device: "platform/nct6775.656", temperature: 31.5 },
    ]);
  });
}

Deno.test("linuxSensors says of a broken sensor that it is, and reads the others when one file can't be read", async () => {
  using temporary = temporaryHost();
  addHwmon(temporary, "hwmon0", "platform/it87.2624", {
    name: "it8620",
    temp1_input: 35000,
    temp1_fault: 1,
    temp2_input: 36000,
    temp2_fault: 0,
    fan1_input: 900,
  });
  Deno.mkdirSync(temporary.host.fs.sys("class/hwmon/hwmon0/temp3_input")); // Reading it is an error (EISDIR).
  const all = await read(temporary.host);
  const device = "platform/it87.2624";
  assert.deepEqual(dataOf(all, "temperature_list", temperatureList)?.sensors, [
    { sensor: "it8620 temp1", device, fault: true },
    { sensor: "it8620 temp2", device, temperature: 36 },
  ]);
  assert.equal(dataOf(all, "fan_list", fanList)?.sensors[0]?.rpm, 900);
});

Deno.test("linuxSensors reads the device's folder when an old kernel keeps the files there", async () => {
  using temporary = temporaryHost();
  writeAttributes(temporary, "devices/platform/coretemp.0", {
    name: "coretemp",
    temp1_label: "Core 0",
    temp1_input: 52000,
  });
  linkFolder(temporary, "class/hwmon/hwmon0/device", "devices/platform/coretemp.0");
  assert.deepEqual(dataOf(await read(temporary.host), "temperature_list", temperatureList)?.sensors, [
    { sensor: "coretemp Core 0", device: "platform/coretemp.0", temperature: 52 },
  ]);
});

Deno.test("linuxSensors keeps two hwmon folders of one device apart", async () => {
  using temporary = temporaryHost();
  const card = "pci0000:00/0000:00:01.0/0000:01:00.0";
  addHwmon(temporary, "hwmon2", card, { name: "mlx5", temp1_label: "asic", temp1_input: 60000 });
  addHwmon(temporary, "hwmon10", card, { name: "mlx5", temp1_label: "asic", temp1_input: 61000 });
  addHwmon(temporary, "hwmon3", card, { name: "mlxsw", temp1_label: "asic", temp1_input: 62000 });
  assert.deepEqual(dataOf(await read(temporary.host), "temperature_list", temperatureList)?.sensors, [
    { sensor: "mlx5 asic", device: "0000:01:00.0", temperature: 60 },
    { sensor: "mlxsw asic", device: "0000:01:00.0", temperature: 62 },
    { sensor: "mlx5 asic (2)", device: "0000:01:00.0", temperature: 61 },
  ]);
});

Deno.test("linuxSensors leaves a suspended graphics card, NVMe drive and disk asleep, and asks them when they are awake", async () => {
  using temporary = temporaryHost();
  const graphics = "pci0000:00/0000:00:01.0/0000:03:00.0";
  const drive = "pci0000:00/0000:00:1d.0/0000:04:00.0";
  const disk = "pci0000:00/0000:00:17.0/ata1/host0/target0:0:0/0:0:0:0";
  addHwmon(temporary, "hwmon0", graphics, {
    name: "amdgpu",
    temp1_label: "edge",
    temp1_input: 41000,
    temp1_crit: 100000,
  });
  addHwmon(temporary, "hwmon1", `${drive}/nvme/nvme0`, {
    name: "nvme",
    temp1_label: "Composite",
    temp1_input: 42000,
  });
  addHwmon(temporary, "hwmon2", disk, { name: "drivetemp", temp1_input: 33000 });
  writeAttributes(temporary, `devices/${disk}`, { wwid: "naa.5000c500a1b2c3d4" });
  const status = (text: string) => {
    for (const device of [graphics, drive, disk]) {
      writeAttributes(temporary, `devices/${device}/power`, { runtime_status: text });
    }
  };
  status("suspended");
  const collector = linuxSensors(temporary.host);
  assert.deepEqual(dataOf(await collector.collect(), "temperature_list", temperatureList)?.sensors, [
    { sensor: "amdgpu edge", device: "0000:03:00.0", asleep: true, crit_temp: 100 },
    { sensor: "nvme Composite", device: "0000:04:00.0", asleep: true },
    { sensor: "drivetemp", device: "naa.5000c500a1b2c3d4", asleep: true },
  ]);
  status("active");
  assert.deepEqual(
    dataOf(await collector.collect(), "temperature_list", temperatureList)?.sensors.map(({ temperature }) =>
      temperature
    ),
    [41, 42, 33],
  );
  collector.close?.();
});

Deno.test("linuxSensors reads thermal zones when no chip has a temperature", async () => {
  using temporary = temporaryHost();
  addHwmon(temporary, "hwmon0", "platform/rpi_volt", { name: "rpi_volt", in0_lcrit_alarm: 0 });
  for (const [zone, celsius] of [["thermal_zone0", 48300], ["thermal_zone1", 51000]] as const) {
    writeAttributes(temporary, `devices/virtual/thermal/${zone}`, {
      type: "cpu-thermal",
      temp: celsius,
      trip_point_0_type: "hot",
      trip_point_0_temp: 85000,
      trip_point_1_type: "critical",
      trip_point_1_temp: 110000,
      trip_point_2_type: "passive",
      trip_point_2_temp: 60000,
    });
    linkFolder(temporary, `class/thermal/${zone}`, `devices/virtual/thermal/${zone}`);
  }
  linkFolder(temporary, "class/thermal/cooling_device0", "devices/virtual/thermal/cooling_device0");
  assert.deepEqual(dataOf(await read(temporary.host), "temperature_list", temperatureList)?.sensors, [
    { sensor: "cpu-thermal", temperature: 48.3, max_temp: 85, crit_temp: 110 },
    { sensor: "cpu-thermal (2)", temperature: 51, max_temp: 85, crit_temp: 110 },
  ]);
});

Deno.test("linuxSensors finds new sensors after 5 minutes, and after 1 when a file is gone", async () => {
  const clock = fakeClock();
  using temporary = temporaryHost({}, clock);
  addHwmon(temporary, "hwmon0", "platform/k10temp", {
    name: "k10temp",
    temp1_label: "Tctl",
    temp1_input: 50000,
  });
  const collector = linuxSensors(temporary.host);
  const names = async () =>
    dataOf(await collector.collect(), "temperature_list", temperatureList)?.sensors.map(({ sensor }) =>
      sensor
    ) ?? [];
  assert.deepEqual(await names(), ["k10temp Tctl"]);
  addHwmon(temporary, "hwmon1", "platform/usb", { name: "usb", temp1_input: 20000 });
  await clock.advance(299_000);
  assert.deepEqual(await names(), ["k10temp Tctl"]);
  await clock.advance(1000);
  assert.deepEqual(await names(), ["k10temp Tctl", "usb"]);
  collector.close?.();
  // A file that was not open yet and is not there any more.
  temporary.remove("sys/devices/platform/usb");
  temporary.remove("sys/class/hwmon/hwmon1");
  addHwmon(temporary, "hwmon7", "platform/usb", { name: "usb", temp1_input: 21000 });
  assert.deepEqual(await names(), ["k10temp Tctl"]);
  await clock.advance(60_000);
  assert.deepEqual(await names(), ["k10temp Tctl", "usb"]);
  collector.close?.();
});

Deno.test("linuxSensors gives the other chips' values when a slow driver does not answer", async () => {
  const clock = fakeClock();
  using temporary = temporaryHost({}, clock);
  addHwmon(temporary, "hwmon0", "platform/coretemp.0", { name: "coretemp", temp1_input: 50000 });
  const disk = "platform/ahci/ata1/host0/target0:0:0/0:0:0:0";
  addHwmon(temporary, "hwmon1", disk, { name: "drivetemp", temp1_input: 33000 });
  const answer = Promise.withResolvers<void>();
  let asked = 0;
  const collector = linuxSensors(temporary.host, async (chip) => {
    asked++;
    await answer.promise;
    return await readChipInBackground(chip);
  });
  const temperatures = async () => {
    const reading = collector.collect();
    await clock.advance(2000);
    return dataOf(await reading, "temperature_list", temperatureList)?.sensors.map((sensor) =>
      sensor.temperature
    );
  };
  assert.deepEqual(await temperatures(), [50]);
  assert.deepEqual(await temperatures(), [50]);
  assert.equal(asked, 1, "it is not asked again until it has answered");
  answer.resolve();
  assert.deepEqual(await temperatures(), [50, 33]);
  collector.close?.();
});

Deno.test("sensorsDefinition is unsupported when the host has neither hwmon nor thermal zones", () => {
  assert.equal(sensorsDefinition.detect(fixtureHost("firecracker_vm")).status, "unsupported");
});
