/** Facts by name, in as many columns as fit. */
import type { ComponentChildren } from "preact";
import { absent } from "../text/format.ts";

/** A name and what stands for it. */
export type Fact = readonly [word: string, value: ComponentChildren];

/** The facts; an empty value reads as a dash. `tight` is for short numbers. */
export function Facts(
  { facts, tight = false }: { readonly facts: readonly Fact[]; readonly tight?: boolean },
) {
  return (
    <dl class={tight ? "facts tight" : "facts"}>
      {facts.map(([word, value]) => (
        <div class="fact" key={word}>
          <dt>{word}</dt>
          <dd>{value || absent}</dd>
        </div>
      ))}
    </dl>
  );
}
