/** Text of any length in a cell: cut off where it does not fit, in full when pointed at. */
import { absent } from "../text/format.ts";

/** What is shown: `title` says more than `text`. */
export interface ClipProps {
  readonly text: string | undefined;
  readonly title?: string;
}

/** The text; a dash where there is none. */
export function Clip({ text, title = text }: ClipProps) {
  return text === undefined ? <>{absent}</> : <span class="clip" title={title ?? text}>{text}</span>;
}
