import assert from "node:assert/strict";
import type { Measurement } from "../../protocol/metrics/mod.ts";
import { seriesDefinitions } from "../../protocol/series.ts";
import { componentTest, findExecutable } from "../../tests/support/component.ts";
import { renderReadings } from "./exposition.ts";
import { familySet, maximumSeries } from "./families.ts";
import { formatFor, renderFamilies } from "./format.ts";
import { exposedName } from "./names.ts";

const facts = { hostname: "web-01", epochMs: 1_800_000_000_500 };

function render(measurements: readonly Measurement[]): string[] {
  const reading = { collector: "it", outcome: "ok", measurements, ageMs: 1_500 } as const;
  return renderReadings([reading], facts, "prometheus").split("\n");
}

const lines: readonly [string, Measurement, readonly string[]][] = [
  ["modes as labels", { type: "cpu", data: { user_seconds: 1.5, idle_seconds: 2 } }, [
    "# TYPE node_cpu_seconds_total counter",
    'node_cpu_seconds_total{mode="user"} 1.5',
    'node_cpu_seconds_total{mode="idle"} 2',
  ]],
  [
    "processors by number, without those that have no figure",
    { type: "cpu", data: { cores: [1, null, 3] } },
    [
      'spectra_cpu_core_usage_percent{cpu="0"} 1',
      'spectra_cpu_core_usage_percent{cpu="2"} 3',
    ],
  ],
  [
    "file systems with device and type",
    {
      type: "disk_list",
      data: {
        disks: [{
          mountpoint: "/",
          device: "/dev/sda1",
          filesystem: "ext4",
          disk_total: 10,
          read_only: true,
        }],
      },
    },
    [
      'node_filesystem_size_bytes{device="/dev/sda1",fstype="ext4",mountpoint="/"} 10',
      'node_filesystem_readonly{device="/dev/sda1",fstype="ext4",mountpoint="/"} 1',
    ],
  ],
  [
    "interfaces as devices, bits as bytes, facts as labels",
    {
      type: "network_list",
      data: {
        interfaces: [{
          interface: "eth0",
          rx_bytes: 5,
          speed: 1e9,
          mac_address: "02:00:00:00:00:01",
          oper_state: "up",
        }],
      },
    },
    [
      'node_network_receive_bytes_total{device="eth0"} 5',
      'node_network_speed_bytes{device="eth0"} 125000000',
      'node_network_info{address="02:00:00:00:00:01",device="eth0",operstate="up"} 1',
    ],
  ],
  [
    "milliseconds as seconds",
    { type: "disk_io_list", data: { devices: [{ device: "sda", read_time_ms: 1_234 }] } },
    ['node_disk_read_time_seconds_total{device="sda"} 1.234'],
  ],
  ["counters without _total as untyped", { type: "tcp", data: { active_opens: 3 } }, [
    "# TYPE node_netstat_Tcp_ActiveOpens untyped",
    "node_netstat_Tcp_ActiveOpens 3",
  ]],
  ["the host's name", { type: "system", data: { kernel: "6.1.0", boot_time: 1_700_000_000 } }, [
    'node_uname_info{nodename="web-01",release="6.1.0"} 1',
    "node_boot_time_seconds 1700000000",
    "node_time_seconds 1800000000.5",
    'node_scrape_collector_success{collector="it"} 1',
    'spectra_collector_reading_age_seconds{collector="it"} 1.5',
  ]],
];
for (const [what, measurement, expected] of lines) {
  Deno.test(`renderReadings writes ${what}`, () => {
    const text = render([measurement]);
    for (const line of expected) assert.ok(text.includes(line), `${line} in\n${text.join("\n")}`);
  });
}

Deno.test("renderReadings escapes hostile names and writes no series twice", () => {
  const evil = 'a\\b"\n} node_load1 99\ud800';
  const data = { disks: [{ mountpoint: evil, disk_total: 1 }, { mountpoint: evil, disk_total: 2 }] };
  const text = render([{ type: "disk_list", data }, { type: "disk_list", data }]);
  assert.deepEqual(text.filter((line) => line.startsWith("node_filesystem_size_bytes")), [
    'node_filesystem_size_bytes{mountpoint="a\\\\b\\"\\n} node_load1 99\ufffd"} 1',
  ]);
  assert.equal(text.filter((line) => line.startsWith("node_load1")).length, 0);
});

Deno.test("familySet stops at its bound and counts what is left out", () => {
  const set = familySet();
  const head = { name: "x", type: "gauge", help: "" } as const;
  for (let index = 0; index < maximumSeries + 3; index++) set.add(head, { index: String(index) }, index);
  assert.equal(set.leftOut, 3);
  assert.equal(set.families()[0]?.samples.size, maximumSeries);
});

Deno.test("renderFamilies writes OpenMetrics when it is asked for", () => {
  assert.equal(formatFor("application/openmetrics-text;version=1.0.0,text/plain;q=0.5"), "openmetrics");
  assert.equal(formatFor(null), "prometheus");
  const family = { name: "x_total", type: "counter", help: 'A "x".', samples: new Map([["", 1]]) } as const;
  assert.equal(
    renderFamilies([family], "openmetrics"),
    '# HELP x A \\"x\\".\n# TYPE x counter\nx_total 1\n# EOF\n',
  );
});

Deno.test("exposedName gives every measure a valid name, and each name one type", () => {
  const types = new Map<string, string>();
  for (const { name: series, measure } of seriesDefinitions().values()) {
    const { name, type } = exposedName(measure);
    assert.match(name, /^[a-zA-Z_][a-zA-Z0-9_]*$/, series);
    assert.equal(types.get(name) ?? type, type, `${series}: ${name}`);
    types.set(name, type);
  }
});

/** node_exporter's own names are exempt where the linter dislikes them: its boards want them as they are. */
const nodeExporters =
  /^node_\S+ (metric names should be written in 'snake_case' not 'camelCase'|use base unit "bytes" instead of "bits")$/;

componentTest(
  "promtool",
  findExecutable("promtool"),
  "promtool finds nothing wrong with any name that there is",
  async (promtool) => {
    const set = familySet();
    for (const { measure } of seriesDefinitions().values()) {
      const { name, type, labels } = exposedName(measure);
      set.add({ name, type, help: measure.help }, labels, 1);
    }
    const own = renderReadings([], facts, "prometheus");
    const process = new Deno.Command(promtool, {
      args: ["check", "metrics"],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const writer = process.stdin.getWriter();
    await writer.write(new TextEncoder().encode(renderFamilies(set.families(), "prometheus") + own));
    await writer.close();
    const { stdout, stderr } = await process.output();
    const complaints = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
    const ours = complaints.split("\n").filter((line) => line !== "" && !nodeExporters.test(line));
    assert.deepEqual(ours, []);
  },
);
