/** What the server can be asked, in machine-readable form: made from the list of routes and the protocol's schemas. */
import * as z from "zod/mini";
import { version } from "../../lib/version.ts";
import { metricSchemas, metricTypes } from "../../protocol/metrics/mod.ts";
import { problemMediaType, problemSchema } from "../../protocol/problem.ts";
import type { Policy, Route } from "../route.ts";

/** Routes that answer the documents, for a list of all other routes. */
export function documentRoutes(others: readonly Route[]): readonly Route[] {
  const routes: Route[] = [];
  let openApi: unknown;
  let metricsSchema: unknown;
  routes.push(
    {
      method: "GET",
      path: "/api/openapi.json",
      policy: "public",
      summary: "This document",
      answers: { 200: { description: "OpenAPI 3.1" } },
      handler: () => Response.json(openApi ??= openApiOf([...others, ...routes])),
    },
    {
      method: "GET",
      path: "/api/schema.json",
      policy: "public",
      summary: "JSON Schema of the data of every envelope type; measure says what a number means",
      answers: { 200: { description: "JSON Schema 2020-12" } },
      handler: () => Response.json(metricsSchema ??= metricsSchemaOf()),
    },
  );
  return routes;
}

/** JSON Schema of the data of every envelope type. */
export function metricsSchemaOf(): Record<string, unknown> {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Spectra envelope data by type",
    $defs: Object.fromEntries(metricTypes.map((type) => [type, jsonSchemaOf(metricSchemas[type])])),
  };
}

/** The OpenAPI document of a list of routes. */
export function openApiOf(routes: readonly Route[]): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, "{$1}").replace(/\*$/, "{path}");
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route, path) };
  }
  return {
    openapi: "3.1.0",
    info: { title: "Spectra server", version },
    paths,
    components: {
      securitySchemes: {
        agent_key: { type: "http", scheme: "bearer", description: "The key that register gave the agent." },
        admin_token: { type: "http", scheme: "bearer", description: "What the file admin-token holds." },
        session: { type: "apiKey", in: "cookie", name: "spectra_session_<server id>" },
      },
      schemas: { problem: jsonSchemaOf(problemSchema) },
    },
  };
}

const security: Readonly<Record<Policy, readonly Record<string, readonly string[]>[]>> = {
  public: [],
  enroll: [{}, { agent_key: [] }],
  agent: [{ agent_key: [] }],
  admin: [{ admin_token: [] }, { session: [] }],
};

function operationOf(route: Route, path: string): Record<string, unknown> {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
  }));
  const inQuery = Object.entries(route.query ?? {}).map(([name, description]) => ({
    name,
    in: "query",
    description,
    schema: { type: "string" },
  }));
  return {
    summary: route.summary,
    security: security[route.policy],
    parameters: [...inPath, ...inQuery],
    ...(route.body === undefined ? {} : {
      requestBody: { required: true, content: { "application/json": { schema: jsonSchemaOf(route.body) } } },
    }),
    responses: Object.fromEntries(
      Object.entries(route.answers).map(([status, { description, schema }]) => [
        status,
        { description, ...contentOf(Number(status), schema) },
      ]),
    ),
  };
}

function contentOf(status: number, schema: z.core.$ZodType | undefined): Record<string, unknown> {
  if (status >= 400) {
    return { content: { [problemMediaType]: { schema: { $ref: "#/components/schemas/problem" } } } };
  }
  return schema === undefined ? {} : { content: { "application/json": { schema: jsonSchemaOf(schema) } } };
}

function jsonSchemaOf(schema: z.core.$ZodType): Record<string, unknown> {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  return rest;
}
