/** Something long that few look at: made only when it is opened. */
import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";

/** What is behind a button. */
export interface CollapsedProps {
  /** `1530 installed applications`. */
  readonly word: string;
  readonly content: () => ComponentChildren;
}

/** The button, and what is behind it when it was pressed. */
export function Collapsed({ word, content }: CollapsedProps) {
  const isOpen = useSignal(false);
  return (
    <>
      <div>
        <button type="button" aria-expanded={isOpen.value} onClick={() => isOpen.value = !isOpen.value}>
          {isOpen.value ? "Hide" : "Show"} {word}
        </button>
      </div>
      {isOpen.value && content()}
    </>
  );
}
