/**
 * The Prometheus text exposition format 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats):
 *
 * ```
 * # HELP http_requests_total Requests served.
 * # TYPE http_requests_total counter
 * http_requests_total{code="200",path="C:\\\\DIR"} 1027 1395066363000
 * ```
 *
 * Lines end with a line feed, blanks separate, `#` begins a comment. Label values escape `\\`, `\"` and `\n`, help texts `\\` and
 * `\n`. A time stamp is accepted and passed over: a value counts as read now. A malformed line is left out and counted; the others
 * stand. Nothing here throws.
 */
import { type SampleSet, sampleSet, type SourceSamples } from "./sample_set.ts";

/** Longer lines are malformed: it keeps every pattern below fast. */
const maxLineLength = 65_536;

const comment = /^[ \t]*#[ \t]*(?:(HELP|TYPE)[ \t]+([a-zA-Z_:][a-zA-Z0-9_:]*)[ \t]*(.*))?/;
const metricName = /[ \t]*([a-zA-Z_:][a-zA-Z0-9_:]*)[ \t]*/y;
const label = /[ \t]*([a-zA-Z_][a-zA-Z0-9_]*)[ \t]*=[ \t]*"((?:[^"\\]|\\.)*)"[ \t]*(,|(?=\}))/y;
const labelsEnd = /[ \t]*\}/y;
const valueAndTime = /[ \t]*([^ \t]+)(?:[ \t]+-?\d+)?[ \t]*$/y;
const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const notFinite = /^(?:nan|[+-]?inf(?:inity)?)$/i;

/** What the comments say of metrics, by name. */
interface Descriptions {
  readonly help: Map<string, string>;
  readonly type: Map<string, string>;
}

/** Parses a text. Its caller bounds its length. */
export function parsePrometheusText(text: string): SourceSamples {
  const set = sampleSet();
  const descriptions: Descriptions = { help: new Map(), type: new Map() };
  let number = 0;
  for (let at = 0; at < text.length;) {
    const end = text.indexOf("\n", at);
    const line = text.slice(at, end === -1 ? text.length : end).replace(/\r$/, "");
    at = end === -1 ? text.length : end + 1;
    number++;
    if (line.length > maxLineLength) set.drop(`line ${number} is longer than ${maxLineLength} characters`);
    else readLine(line, number, descriptions, set);
  }
  return set.result();
}

function readLine(line: string, number: number, descriptions: Descriptions, set: SampleSet): void {
  if (/^[ \t]*$/.test(line)) return;
  const described = comment.exec(line);
  if (described !== null) {
    const [, keyword, name, rest = ""] = described;
    if (name === undefined) return;
    if (keyword === "HELP") descriptions.help.set(name, unescape(rest));
    else descriptions.type.set(name, rest.trim());
    return;
  }
  const sample = parseSample(line);
  if (sample === undefined) return set.drop(`line ${number} is malformed`);
  const { kind, help } = describe(sample.name, descriptions);
  set.add({ ...sample, kind, ...(help === undefined ? {} : { help }) });
}

function parseSample(line: string) {
  let at = 0;
  const next = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(line);
    if (match !== null) at = pattern.lastIndex;
    return match;
  };
  const name = next(metricName)?.[1];
  if (name === undefined) return undefined;
  const labels: [string, string][] = [];
  if (line[at] === "{") {
    at++;
    for (let found = next(label); found !== null; found = next(label)) {
      labels.push([found[1] ?? "", unescape(found[2] ?? "")]);
      if (found[3] !== ",") break;
    }
    if (next(labelsEnd) === null) return undefined;
  }
  const value = numberOf(next(valueAndTime)?.[1] ?? "");
  return value === undefined ? undefined : { name, labels, value };
}

/** A number; NaN for all that are not finite, as none of them is kept; `undefined` for anything else. */
function numberOf(text: string): number | undefined {
  if (text.length > 64) return undefined; // The pattern takes quadratic time on long digits.
  if (decimal.test(text)) return Number(text);
  return notFinite.test(text) ? NaN : undefined;
}

function unescape(text: string): string {
  return text.replace(/\\(.)/g, (whole, escaped: string) => {
    if (escaped === "n") return "\n";
    return escaped === "\\" || escaped === '"' ? escaped : whole;
  });
}

/** Parts of a histogram or a summary that only grow. A histogram of negative values has a sum that does not. */
const growing = /_(?:bucket|count)$/;

function describe(
  name: string,
  { type, help }: Descriptions,
): { kind: "gauge" | "counter"; help?: string | undefined } {
  const own = type.get(name);
  if (own !== undefined) return { kind: own === "counter" ? "counter" : "gauge", help: help.get(name) };
  const family = name.replace(/_(?:bucket|count|sum)$/, "");
  const isPart = ["histogram", "summary"].includes(type.get(family) ?? "");
  return {
    kind: isPart && growing.test(name) ? "counter" : "gauge",
    help: help.get(name) ?? (isPart ? help.get(family) : undefined),
  };
}
