/** Wireless interfaces: `wifi_list`, and `wifi`, which v1 agents send for each interface. */
import * as z from "zod/mini";
import { limits, text } from "../limits.ts";
import { counter, gauge } from "../measure.ts";

/** One wireless interface. */
export const wifi = z.object({
  interface: text(),
  /** Part that it plays: `station`, `ap`, `monitor`, `mesh`, `ad-hoc` … */
  mode: z.optional(text()),
  /** True for a station that has joined a network. */
  connected: z.optional(z.boolean()),
  ssid: z.optional(text()),
  /** Address of the access point that a station has joined. */
  bssid: z.optional(text()),
  signal_dbm: z.optional(
    gauge({ unit: "dBm", help: "Signal level.", prometheus: "node_wifi_station_signal_dbm" }),
  ),
  signal_avg_dbm: z.optional(
    gauge({ unit: "dBm", help: "Mean signal level.", prometheus: "spectra_wifi_signal_average_dbm" }),
  ),
  noise_dbm: z.optional(
    gauge({ unit: "dBm", help: "Noise level.", prometheus: "spectra_wifi_noise_dbm" }),
  ),
  link_quality: z.optional(
    gauge({
      unit: "1",
      help: "Link quality, 0 to 70 (signal level above -110 dBm) unless the driver rates it otherwise.",
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
  rx_bitrate_mbps: z.optional(
    gauge({
      unit: "Mbit/s",
      help: "Receive bit rate.",
      prometheus: "node_wifi_station_receive_bits_per_second",
    }),
  ),
  tx_retries: z.optional(
    counter({
      unit: "{packet}",
      help: "Transmissions repeated since the network was joined.",
      prometheus: "node_wifi_station_transmit_retries_total",
    }),
  ),
  tx_failed: z.optional(
    counter({
      unit: "{packet}",
      help: "Packets given up since the network was joined.",
      prometheus: "node_wifi_station_transmit_failed_total",
    }),
  ),
  beacon_loss: z.optional(
    counter({
      unit: "{event}",
      help: "Times that the access point's beacons stayed away.",
      prometheus: "node_wifi_station_beacon_loss_total",
    }),
  ),
  connected_seconds: z.optional(
    counter({
      unit: "s",
      help: "Time since the network was joined.",
      prometheus: "node_wifi_station_connected_seconds_total",
    }),
  ),
  inactive_seconds: z.optional(
    gauge({
      unit: "s",
      help: "Time since the access point was last heard.",
      prometheus: "node_wifi_station_inactive_seconds",
    }),
  ),
  tx_power_dbm: z.optional(
    gauge({ unit: "dBm", help: "Transmit power.", prometheus: "spectra_wifi_transmit_power_dbm" }),
  ),
  stations: z.optional(
    gauge({
      unit: "{station}",
      help: "Stations that have joined this access point.",
      prometheus: "spectra_wifi_stations",
    }),
  ),
});

/** Data of a `wifi_list` envelope. */
export const wifiList = z.object({
  interfaces: z.array(wifi).check(z.maxLength(limits.listLength)),
});
