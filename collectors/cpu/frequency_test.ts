import assert from "node:assert/strict";
import { bytesOf } from "../../lib/ascii.ts";
import { fakeClock } from "../../tests/support/fake_clock.ts";
import { fixtureHost, temporaryHost } from "../../tests/support/fixture_host.ts";
import { frequencyReader, parseCpuinfoHz } from "./frequency.ts";

Deno.test("frequencyReader weighs policies by their online processors and leaves offline ones out", () => {
  assert.equal(
    frequencyReader(fixtureHost("debian_64_cores"))(),
    Math.round((1.5e9 * 31 + 3.35e9 * 32) / 63),
  );
});

Deno.test("frequencyReader falls back to cpuinfo where there is no cpufreq", () => {
  assert.equal(frequencyReader(fixtureHost("centos_7_3_10"))(), 1.8e9);
});

Deno.test("frequencyReader gives nothing where neither tells", () => {
  assert.equal(frequencyReader(fixtureHost("lxc_container"))(), undefined);
});

Deno.test("frequencyReader reads frequencies each time and the list of policies once a minute", async () => {
  const clock = fakeClock();
  const folder = "sys/devices/system/cpu/cpufreq";
  using temporary = temporaryHost({
    [`${folder}/policy0/affected_cpus`]: "0\n",
    [`${folder}/policy0/scaling_cur_freq`]: "1000000\n",
  }, clock);
  const read = frequencyReader(temporary.host);
  assert.equal(read(), 1e9);
  temporary.write(`${folder}/policy0/scaling_cur_freq`, "2000000\n");
  temporary.write(`${folder}/policy1/affected_cpus`, "1\n");
  temporary.write(`${folder}/policy1/scaling_cur_freq`, "4000000\n");
  assert.equal(read(), 2e9);
  await clock.advance(60_000);
  assert.equal(read(), 3e9);
  temporary.write(`${folder}/policy1/scaling_cur_freq`, "<unknown>\n");
  assert.equal(read(), 2e9);
});

Deno.test("parseCpuinfoHz takes no number from another line when one is cut off", () => {
  assert.equal(
    parseCpuinfoHz(bytesOf("cpu MHz\ncache size : 5\ncpu MHz\t\t: 2000.5\ncpu MHz\t: x\n")),
    2_000_500_000,
  );
  assert.equal(parseCpuinfoHz(bytesOf("processor : 0\n")), undefined);
});
