/** A link to another page of the dashboard, without loading it anew. */
import type { ComponentChildren } from "preact";
import { navigate } from "../state/route.ts";

/** What a link needs. */
export interface LinkProps {
  readonly path: string;
  readonly class?: string;
  readonly title?: string;
  readonly children: ComponentChildren;
}

/** A real link: it can be opened in a new tab, copied, reached with the keyboard. */
export function Link({ path, children, ...rest }: LinkProps) {
  return (
    <a
      {...rest}
      href={path}
      onClick={(event) => {
        if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        event.stopPropagation(); // The row around it would navigate once more.
        navigate(path);
      }}
    >
      {children}
    </a>
  );
}
