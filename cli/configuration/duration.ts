/** Durations as people and other agents write them: `30`, `30s`, `1m30s`, `1.5h`, `500ms` (Go's `time.ParseDuration`). */

const secondsPerUnit: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 };

const part = /(\d+(?:\.\d+)?)(ms|s|m|h|d)/gy;

/** Seconds; a bare number is seconds. `undefined` when the text is not a duration. */
export function parseDurationSeconds(text: string): number | undefined {
  if (text.length > 32) return undefined;
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  let seconds = 0;
  let end = 0;
  for (const match of text.matchAll(part)) {
    const [whole, amount, unit] = match;
    seconds += Number(amount) * (secondsPerUnit[unit ?? ""] ?? NaN);
    end += whole.length;
  }
  return end > 0 && end === text.length ? seconds : undefined;
}

/** `90` as `1m30s`, for messages. */
export function formatDuration(seconds: number): string {
  if (seconds < 60) return `${seconds}s`;
  const parts: string[] = [];
  let rest = seconds;
  for (const unit of ["d", "h", "m", "s"]) {
    const size = secondsPerUnit[unit] ?? 1;
    const amount = unit === "s" ? rest : Math.floor(rest / size);
    if (amount > 0) parts.push(`${amount}${unit}`);
    rest -= amount * size;
  }
  return parts.join("");
}
