/** Which page the address names. */
import { signal } from "@preact/signals";

/** A page. */
export type Route =
  | { readonly page: "hosts" }
  | { readonly page: "host"; readonly agentId: string }
  | { readonly page: "unknown" };

/** Reads a path. */
export function routeOf(path: string): Route {
  if (path === "/" || path === "/index.html") return { page: "hosts" };
  const encoded = /^\/hosts\/([^/]+)\/?$/.exec(path)?.[1];
  if (encoded === undefined) return { page: "unknown" };
  try {
    return { page: "host", agentId: decodeURIComponent(encoded) };
  } catch {
    return { page: "unknown" }; // `%` without two digits after it: nobody made such a link.
  }
}

/** Path of a host's page. */
export function hostPath(agentId: string): string {
  return `/hosts/${encodeURIComponent(agentId)}`;
}

/** The page that is shown. */
export const route = signal<Route>({ page: "hosts" });

/** Shows the page at `path` and puts it into the history. */
export function navigate(path: string): void {
  if (path !== location.pathname) history.pushState(null, "", path);
  route.value = routeOf(path);
  scrollTo(0, 0);
}

/** Follows the browser's address from now on. */
export function followAddress(): void {
  const read = () => route.value = routeOf(location.pathname);
  addEventListener("popstate", read);
  read();
}
