/**
 * The two text formats that Prometheus reads: its own 0.0.4 and OpenMetrics 1.0.0.
 *
 * https://prometheus.io/docs/instrumenting/exposition_formats/, https://prometheus.io/docs/specs/om/open_metrics_spec/
 */
import type { Family } from "./families.ts";

/** A text format. */
export type ExpositionFormat = "prometheus" | "openmetrics";

/** Content types of the formats. */
export const contentTypes: Readonly<Record<ExpositionFormat, string>> = {
  prometheus: "text/plain; version=0.0.4; charset=utf-8",
  openmetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8",
};

/** The format that an `Accept` header asks for: OpenMetrics where it is named at all, as Prometheus does by preference. */
export function formatFor(accept: string | null): ExpositionFormat {
  return accept?.includes("application/openmetrics-text") ? "openmetrics" : "prometheus";
}

/** Writes families. */
export function renderFamilies(families: readonly Family[], format: ExpositionFormat): string {
  const lines: string[] = [];
  for (const { name, type, help, samples } of families) {
    const isOpen = format === "openmetrics";
    // OpenMetrics names the family of a counter without the suffix of its samples.
    const family = isOpen && type === "counter" ? name.replace(/_total$/, "") : name;
    lines.push(`# HELP ${family} ${escapeHelp(help, isOpen)}`);
    lines.push(`# TYPE ${family} ${isOpen && type === "untyped" ? "unknown" : type}`);
    for (const [labels, value] of samples) lines.push(`${name}${labels} ${value}`);
  }
  if (format === "openmetrics") lines.push("# EOF");
  return lines.join("\n") + "\n";
}

function escapeHelp(help: string, quotes: boolean): string {
  const escaped = help.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
  return quotes ? escaped.replaceAll('"', '\\"') : escaped;
}
