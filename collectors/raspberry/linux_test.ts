import assert from "node:assert/strict";
import type { Firmware } from "../../ffi/vcio.ts";
import { clock as clockSchema, gpu, throttle, voltage } from "../../protocol/metrics/raspberry.ts";
import { type FakeClock, fakeClock } from "../../tests/support/fake_clock.ts";
import { fixtureHost, type TemporaryHost, temporaryHost } from "../../tests/support/fixture_host.ts";
import { dataOf } from "../../tests/support/measurements.ts";
import type { Collector, Host } from "../collector.ts";
import { linuxRaspberry } from "./linux.ts";
import { detectRaspberry, raspberryDefinition } from "./mod.ts";

const model = { "proc/device-tree/model": "Raspberry Pi 4 Model B Rev 1.4\0" };
const cpufreq = { "sys/devices/system/cpu/cpufreq/policy0/scaling_cur_freq": "1500000\n" };

/** A firmware with answers by tag and first value; it keeps what it was asked. */
function firmwareOf(answers: Readonly<Record<string, readonly number[]>>, asked: string[] = []): Firmware {
  return {
    ask(tag, values) {
      const question = `${tag.toString(16)} ${values[0] ?? ""}`;
      asked.push(question);
      const answer = answers[question];
      return answer === undefined ? undefined : new Uint32Array(answer);
    },
    close() {},
  };
}

async function read(collector: Collector) {
  const measurements = await collector.collect();
  return {
    throttle: dataOf(measurements, "throttle", throttle),
    clock: dataOf(measurements, "clock", clockSchema),
    voltage: dataOf(measurements, "voltage", voltage),
    gpu: dataOf(measurements, "gpu", gpu),
  };
}

const nothingSet = {
  undervoltage: false,
  arm_freq_capped: false,
  throttled: false,
  soft_temp_limit: false,
  undervoltage_occurred: false,
  freq_cap_occurred: false,
  throttled_occurred: false,
  soft_temp_occurred: false,
};

Deno.test("linuxRaspberry reads everything from the firmware, and does not ask again what it does not know", async () => {
  using temporary = temporaryHost({ ...model, ...cpufreq, "root/dev/vcio": "" });
  const asked: string[] = [];
  const firmware = firmwareOf({
    "30046 0": [0x50000],
    "30047 3": [3, 1500345728],
    "30047 4": [4, 500000992],
    "30002 5": [5, 500000000],
    "30003 1": [1, 875000],
    "30003 2": [2, 0x80000000], // No such voltage.
    "30003 3": [3, 1100000],
    "10006 0": [0x3b400000, 79691776],
  }, asked);
  const paths: string[] = [];
  const collector = linuxRaspberry(temporary.host, {
    open(path) {
      paths.push(path);
      return firmware;
    },
  });
  const expected = {
    throttle: { ...nothingSet, undervoltage_occurred: true, throttled_occurred: true },
    clock: { arm_freq_hz: 1500345728, core_freq_hz: 500000992, gpu_freq_hz: 500000000 },
    voltage: { core_volts: 0.875, sdram_p_volts: 1.1 },
    gpu: { gpu_mem_total: 79691776 },
  };
  assert.deepEqual(await read(collector), expected);
  assert.deepEqual(paths, [temporary.host.fs.root("/dev/vcio")]);
  assert.ok(asked.includes("30047 5") && asked.includes("30003 4"));
  asked.length = 0;
  assert.deepEqual(await read(collector), expected);
  assert.ok(!asked.includes("30047 5") && !asked.includes("30003 4"), asked.join());
});

const sysfs: readonly [what: string, files: Record<string, string>, expected: unknown][] = [
  [
    "the firmware's driver has get_throttled",
    { "sys/devices/platform/soc/soc:firmware/get_throttled": "50005\n" },
    {
      ...nothingSet,
      undervoltage: true,
      throttled: true,
      undervoltage_occurred: true,
      throttled_occurred: true,
    },
  ],
  [
    "the kernel's driver has an alarm",
    { "sys/class/hwmon/hwmon1/name": "rpi_volt\n", "sys/class/hwmon/hwmon1/in0_lcrit_alarm": "1\n" },
    { undervoltage: true },
  ],
  [
    "get_throttled is no number",
    { "sys/devices/platform/soc/soc:firmware/get_throttled": "error\n" },
    undefined,
  ],
  ["there is neither", {}, undefined],
];
for (const [what, files, expected] of sysfs) {
  Deno.test(`linuxRaspberry reads sysfs when the firmware can't be asked and ${what}`, async () => {
    using temporary = temporaryHost({ ...model, ...cpufreq, ...files });
    const board = await read(linuxRaspberry(temporary.host));
    assert.deepEqual(board.throttle, expected);
    assert.deepEqual(board.clock, { arm_freq_hz: 1500000000 });
    assert.deepEqual([board.voltage, board.gpu], [undefined, undefined]);
  });
}

Deno.test("linuxRaspberry keeps what sysfs says when the device file is not the firmware's", async () => {
  using temporary = temporaryHost({ ...model, ...cpufreq, "root/dev/vcio": "" });
  const board = await read(linuxRaspberry(temporary.host, { open: () => firmwareOf({}) }));
  assert.deepEqual(board.clock, { arm_freq_hz: 1500000000 });
});

/** A host whose paths are a fixture's and which counts as this machine: only there `vcgencmd` may be run. */
function unredirected({ host }: TemporaryHost, clock: FakeClock): Host {
  return { ...host, clock, fs: { ...host.fs, redirected: false } };
}

const printed: Readonly<Record<string, string>> = {
  "get_throttled": "throttled=0x20002\n",
  "measure_clock arm": "frequency(48)=1500345728\n",
  "measure_clock core": "frequency(1)=500000992\n",
  "measure_clock v3d": "frequency(46)=0\n",
  "measure_volts core": "volt=0.8750V\n",
  "measure_volts sdram_c": "volt=1.1000V\n",
  "measure_volts sdram_i": 'error=2 error_msg="Invalid arguments"\n',
  "get_mem gpu": "gpu=76M\n",
};

Deno.test("linuxRaspberry runs vcgencmd once a minute when there is no device file", async () => {
  const clock = fakeClock();
  using temporary = temporaryHost({ ...model, ...cpufreq }, clock);
  let runs = 0;
  const collector = linuxRaspberry(unredirected(temporary, clock), {
    run(...args) {
      runs++;
      const stdout = printed[args.join(" ")];
      return Promise.resolve({
        status: "ended",
        code: stdout === undefined ? 255 : 0,
        stdout: stdout ?? "",
        stderr: "",
      });
    },
  });
  const fromCommand = {
    throttle: { ...nothingSet, arm_freq_capped: true, freq_cap_occurred: true },
    clock: { arm_freq_hz: 1500345728, core_freq_hz: 500000992 },
    voltage: { core_volts: 0.875, sdram_c_volts: 1.1 },
    gpu: { gpu_mem_total: 76 * 2 ** 20 },
  };
  assert.deepEqual(await read(collector), fromCommand);
  const once = runs;
  await clock.advance(59_000);
  assert.deepEqual((await read(collector)).clock, { arm_freq_hz: 1500000000 });
  assert.equal(runs, once);
  await clock.advance(1000);
  assert.deepEqual(await read(collector), fromCommand);
});

Deno.test("linuxRaspberry keeps what sysfs says when vcgencmd is absent, fails or is killed", async () => {
  for (
    const outcome of [
      { status: "absent" },
      { status: "killed", reason: "late" },
      { status: "ended", code: 255, stdout: "", stderr: "VCHI initialization failed" },
    ] as const
  ) {
    const clock = fakeClock();
    using temporary = temporaryHost({ ...model, ...cpufreq }, clock);
    const collector = linuxRaspberry(unredirected(temporary, clock), { run: () => Promise.resolve(outcome) });
    assert.deepEqual(await read(collector), {
      throttle: undefined,
      clock: { arm_freq_hz: 1500000000 },
      voltage: undefined,
      gpu: undefined,
    });
  }
});

Deno.test("detectRaspberry is available on a Raspberry Pi, denied where nothing tells, and unsupported elsewhere", () => {
  assert.deepEqual(raspberryDefinition.detect(fixtureHost("firecracker_vm")), {
    status: "unsupported",
    reason: "this host is no Raspberry Pi",
  });
  using temporary = temporaryHost(model);
  assert.equal(raspberryDefinition.detect(temporary.host).status, "available");
  assert.deepEqual(detectRaspberry(temporary.host, () => "denied"), {
    status: "denied",
    reason: "may not open /dev/vcio: add the agent's user to the group video",
  });
  temporary.write("sys/devices/platform/soc/soc:firmware/get_throttled", "0\n");
  assert.equal(detectRaspberry(temporary.host, () => "denied").status, "available");
});
