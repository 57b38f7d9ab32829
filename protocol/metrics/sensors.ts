/** Sensors and radios: `temperature`, `temperature_list`, `wifi`. */
import * as z from "zod/mini";
import { limits, text } from "../limits.ts";
import { gauge } from "../measure.ts";

/** One temperature sensor. */
export const temperature = z.object({
  sensor: text(),
  temperature: z.optional(
    gauge({
      unit: "Cel",
      help: "Temperature.",
      prometheus: "node_hwmon_temp_celsius",
      otel: "hw.temperature",
    }),
  ),
  max_temp: z.optional(gauge({
    unit: "Cel",
    help: "Highest temperature that the maker allows.",
    prometheus: "node_hwmon_temp_max_celsius",
    otel: "hw.temperature.limit",
  })),
});

/** Data of a `temperature_list` envelope. */
export const temperatureList = z.object({
  sensors: z.array(temperature).check(z.maxLength(limits.listLength)),
});

/** Data of a `wifi` envelope: one wireless interface. */
export const wifi = z.object({
  interface: text(),
  ssid: z.optional(text()),
  signal_dbm: z.optional(
    gauge({ unit: "dBm", help: "Signal level.", prometheus: "node_wifi_station_signal_dbm" }),
  ),
  link_quality: z.optional(
    gauge({
      unit: "1",
      help: "Link quality as the driver rates it.",
      prometheus: "spectra_wifi_link_quality",
    }),
  ),
  frequency_ghz: z.optional(
    gauge({ unit: "GHz", help: "Radio frequency.", prometheus: "node_wifi_interface_frequency_hertz" }),
  ),
  bitrate_mbps: z.optional(
    gauge({
      unit: "Mbit/s",
      help: "Transmit bit rate.",
      prometheus: "node_wifi_station_transmit_bits_per_second",
    }),
  ),
});
