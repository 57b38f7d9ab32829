/** What a page says when it has nothing else to show: it is loading, empty, or something failed. */
import type { ComponentChildren } from "preact";

/** What is said. */
export interface MessageProps {
  readonly title: string;
  readonly children?: ComponentChildren;
  /** `problem` is read out at once. */
  readonly kind?: "plain" | "problem";
}

/** A title and what to do. */
export function Message({ title, children, kind = "plain" }: MessageProps) {
  return (
    <div class={`message message-${kind}`} role={kind === "problem" ? "alert" : "status"}>
      <h2>{title}</h2>
      {children}
    </div>
  );
}
