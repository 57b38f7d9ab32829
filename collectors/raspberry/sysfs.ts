/** What sysfs says of a Raspberry Pi to every user, when the firmware can't be asked. */
import { type HostFs, namesIn, readInteger, readText } from "../../lib/host_fs.ts";
import type { Board } from "./board.ts";
import { decodeThrottled } from "./throttled.ts";

/** Reads it. The clock is the one that the kernel asked for (`cpufreq`), not a measured one. */
export function readSysfs(fs: HostFs): Board {
  const throttle = readThrottled(fs) ?? readUndervoltage(fs);
  const kilohertz = readInteger(fs.sys("devices/system/cpu/cpufreq/policy0/scaling_cur_freq"));
  return {
    ...(throttle === undefined ? {} : { throttle }),
    ...(kilohertz === undefined || kilohertz <= 0 ? {} : { clock: { arm_freq_hz: kilohertz * 1000 } }),
  };
}

/** `get_throttled` of the firmware's driver (Raspberry Pi Linux: `drivers/firmware/raspberrypi.c`): hexadecimal without `0x`. */
function readThrottled(fs: HostFs): Board["throttle"] {
  const soc = fs.sys("devices/platform/soc");
  for (const name of namesIn(soc)) {
    const text = name.includes("firmware") ? readText(`${soc}/${name}/get_throttled`) : undefined;
    if (text !== undefined && /^[0-9a-f]{1,8}$/i.test(text)) {
      return decodeThrottled(Number.parseInt(text, 16));
    }
  }
  return undefined;
}

/** The kernel's own driver knows of the voltage alone (kernel: `Documentation/hwmon/raspberrypi-hwmon.rst`). */
function readUndervoltage(fs: HostFs): Board["throttle"] {
  const folder = fs.sys("class/hwmon");
  for (const name of namesIn(folder)) {
    if (readText(`${folder}/${name}/name`) !== "rpi_volt") continue;
    const alarm = readInteger(`${folder}/${name}/in0_lcrit_alarm`);
    if (alarm !== undefined) return { undervoltage: alarm !== 0 };
  }
  return undefined;
}
