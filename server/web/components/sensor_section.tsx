/** What the host's sensors measure: temperatures over time, fans, voltages, currents, power. */
import type { HostDetail } from "../../../protocol/api.ts";
import { Chart } from "../charts/chart.tsx";
import { temperatureLines } from "../charts/host_lines.ts";
import type { HostView } from "../state/host_view.ts";
import { elementsOf, type Fields, joinedTexts, latestOf, listIn, numberIn, textIn } from "../state/latest.ts";
import { byTurns, thoseFirst } from "../state/ranking.ts";
import {
  type SensorState,
  sensorState,
  temperatureLimit,
  temperatureShare,
  throttleState,
} from "../state/sensors.ts";
import { formatQuantity } from "../text/format.ts";
import { Clip } from "./clip.tsx";
import { numberColumn, textColumn } from "./data_table.tsx";
import { LongTable } from "./long_table.tsx";
import { PercentBar } from "./percent_bar.tsx";
import { PowerTable } from "./power_table.tsx";

const temperatureColumns = [
  textColumn("sensor", "Sensor"),
  numberColumn("temperature", "Temperature"),
  numberColumn("highest", "Allowed"),
  numberColumn("critical", "Critical"),
  textColumn("state", "State"),
];

const otherColumns = [
  textColumn("sensor", "Sensor"),
  textColumn("kind", "Kind"),
  numberColumn("value", "Value"),
  numberColumn("lowest", "Lowest allowed"),
  numberColumn("highest", "Highest allowed"),
  textColumn("state", "State"),
];

interface SensorKind {
  readonly type: string;
  readonly word: string;
  readonly unit: string;
  readonly field: string;
  readonly lowest?: string;
  readonly highest?: string;
}

const kinds: readonly SensorKind[] = [
  { type: "fan_list", word: "Fan", unit: "rpm", field: "rpm", lowest: "min_rpm" },
  { type: "power_list", word: "Power", unit: "W", field: "watts", highest: "cap_watts" },
  {
    type: "voltage_list",
    word: "Voltage",
    unit: "V",
    field: "volts",
    lowest: "min_volts",
    highest: "max_volts",
  },
  { type: "current_list", word: "Current", unit: "A", field: "amperes", highest: "max_amperes" },
  { type: "humidity_list", word: "Humidity", unit: "%", field: "humidity" },
];

interface Reading {
  readonly sensor: Fields;
  readonly state: SensorState;
}

const alarmingFirst = byTurns(thoseFirst<Reading>(({ state }) => state.isAlarming));

/** The section; nothing where the host reports no sensor and no battery. */
export function SensorSection({ view, detail }: { readonly view: HostView; readonly detail: HostDetail }) {
  view.tick.value; // Which sensors there are is looked at anew at every tick.
  const temperatures = elementsOf(detail, "temperature_list", "sensors", "temperature").map((sensor) => ({
    sensor,
    state: sensorState(sensor, numberIn(sensor, "temperature"), { highest: temperatureLimit(sensor) }),
  })).sort(alarmingFirst);
  const others = kinds.flatMap((kind) =>
    listIn(latestOf(detail, kind.type), "sensors").map((sensor) => otherReading(kind, sensor))
  ).sort(alarmingFirst);
  const supplies = listIn(latestOf(detail, "battery_list"), "supplies");
  const zones = listIn(latestOf(detail, "energy_list"), "zones");
  const firmware = throttleState(latestOf(detail, "throttle"));
  const lines = temperatureLines(view.store);
  const isAbsent = firmware === undefined &&
    [temperatures, others, supplies, zones, lines].every(({ length }) => length === 0);
  if (isAbsent) return null;
  return (
    <>
      <h2>Sensors and power</h2>
      {firmware !== undefined && (
        <p class={firmware.isAlarming ? "notice" : "muted"}>Raspberry Pi firmware: {firmware.word}.</p>
      )}
      {lines.length > 0 && (
        <div class="charts">
          <Chart
            title="Temperature"
            help="The sensors that have been hottest in this time."
            view={view}
            lines={lines}
            format={(value) => formatQuantity(value, "°C")}
            top={{ atLeast: 50 }}
          />
        </div>
      )}
      {temperatures.length > 0 && (
        <LongTable
          title="Temperatures"
          columns={temperatureColumns}
          items={temperatures}
          firstRows={12}
          searched={({ sensor }) => `${textIn(sensor, "sensor")} ${textIn(sensor, "device")}`}
          row={({ sensor, state }) => ({
            ...rowHead(sensor, state),
            cells: {
              ...sensorCells(sensor, state),
              temperature: (
                <PercentBar
                  percent={temperatureShare(sensor)}
                  text={formatQuantity(numberIn(sensor, "temperature"), "°C")}
                />
              ),
              highest: formatQuantity(numberIn(sensor, "max_temp"), "°C"),
              critical: formatQuantity(numberIn(sensor, "crit_temp"), "°C"),
            },
          })}
        />
      )}
      {others.length > 0 && (
        <LongTable
          title="Fans, power and voltages"
          columns={otherColumns}
          items={others}
          firstRows={12}
          searched={({ sensor, kind }) =>
            `${textIn(sensor, "sensor")} ${textIn(sensor, "device")} ${kind.word}`}
          row={({ sensor, state, kind, value, lowest, highest }) => ({
            ...rowHead(sensor, state, kind.type),
            cells: {
              ...sensorCells(sensor, state),
              kind: kind.word,
              value: formatQuantity(value, kind.unit),
              lowest: formatQuantity(lowest, kind.unit),
              highest: formatQuantity(highest, kind.unit),
            },
          })}
        />
      )}
      <PowerTable
        supplies={supplies}
        zones={zones}
        denied={textIn(latestOf(detail, "energy_list"), "denied")}
      />
    </>
  );
}

function otherReading(kind: SensorKind, sensor: Fields) {
  const read = (field: string | undefined) => field === undefined ? undefined : numberIn(sensor, field);
  const [value, lowest, highest] = [read(kind.field), read(kind.lowest), read(kind.highest)];
  return { sensor, kind, value, lowest, highest, state: sensorState(sensor, value, { lowest, highest }) };
}

function rowHead(sensor: Fields, { isAlarming }: SensorState, kind = "") {
  return {
    key: [kind, textIn(sensor, "sensor"), textIn(sensor, "device")].join("\n"),
    alarming: isAlarming,
  };
}

function sensorCells(sensor: Fields, { word, isAlarming }: SensorState) {
  return {
    sensor: <Clip text={textIn(sensor, "sensor")} title={joinedTexts(sensor, ["sensor", "device"], "\n")} />,
    state: isAlarming ? <strong>{word}</strong> : word,
  };
}
