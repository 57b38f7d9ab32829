/** Text of any length in a cell: cut off where it does not fit, in full when pointed at. */

/** The text; `title` says more than it. */
export function Clip({ text, title = text }: { readonly text: string; readonly title?: string }) {
  return <span class="clip" title={title}>{text}</span>;
}
