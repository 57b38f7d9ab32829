/** The dashboard: files that the bundler embedded. The page answers at every path that it routes by itself. */
import type { Context } from "hono";
import { problemResponse } from "../problem_response.ts";
import type { Route, RouteEnvironment } from "../route.ts";
import { assets } from "../web/bundle.ts";

const pagePath = "/index.html";

function serve(context: Context<RouteEnvironment>, path: string): Response {
  const asset = Object.hasOwn(assets, path) ? assets[path] : undefined;
  if (asset === undefined) return problemResponse(404, "There is no such file.");
  const headers = { "Content-Type": asset.type, "ETag": asset.etag, "Cache-Control": "no-cache" };
  if (isAmong(context.req.header("If-None-Match"), asset.etag)) return context.body(null, 304, headers);
  return context.body(asset.body, 200, headers);
}

// Compressed on its way, an answer's tag is a weak one (`W/"…"`): the same file for this comparison (RFC 9110, 13.1.2).
function isAmong(tags: string | undefined, etag: string): boolean {
  return tags?.split(",").some((tag) => tag.trim().replace(/^W\//, "") === etag) ?? false;
}

function staticRoute(path: string, summary: string, assetPath: string): Route {
  return {
    method: "GET",
    path,
    policy: "public",
    summary,
    answers: { 200: { description: "The file" }, 304: { description: "Not changed" } },
    handler: (context) => serve(context, assetPath),
  };
}

/** `/`, the paths of its pages, and every embedded file. */
export const staticRoutes: readonly Route[] = [
  staticRoute("/", "The dashboard", pagePath),
  staticRoute("/hosts/*", "The dashboard, at the page of a host", pagePath),
  ...Object.keys(assets).map((path) => staticRoute(path, "A file of the dashboard", path)),
];
