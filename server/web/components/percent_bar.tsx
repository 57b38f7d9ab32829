/** A share with a small bar behind it; the number says the same as the bar. */
import { formatPercent } from "../text/format.ts";

/** Share from which a bar warns, and from which it alarms. */
const warnAt = 80;
const alarmAt = 92;

/** What is shown. */
export interface PercentBarProps {
  readonly percent: number | undefined;
  /** What the share is of, in front of it. */
  readonly note?: string | undefined;
  /** What is written in place of the share: the value that it is a share of something. */
  readonly text?: string;
}

/** Number and bar; the bar is empty where the value is absent. */
export function PercentBar({ percent, note, text }: PercentBarProps) {
  const width = Math.min(100, Math.max(0, percent ?? 0));
  const level = width >= alarmAt ? "alarm" : width >= warnAt ? "warn" : "calm";
  return (
    <span class="percent">
      <span class="percent-text">
        {note !== undefined && <span class="clip muted" title={note}>{note}</span>}
        <span class="number">{text ?? formatPercent(percent)}</span>
      </span>
      <span class="bar" aria-hidden="true">
        <span class={`bar-fill ${level}`} style={{ width: `${width}%` }} />
      </span>
    </span>
  );
}
