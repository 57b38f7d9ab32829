/**
 * The layering of `docs/architecture.md`, enforced on the module graph, and the capabilities that have one owner, enforced
 * on the source text.
 */
import assert from "node:assert/strict";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url)).replace(/[/\\]$/, "");

/** Programs and what they load by URL: together they reach every module that ships. */
const entryPoints = [
  "main.ts",
  "agent/main.ts",
  "server/storage/writer_worker.ts",
  "server/history/query_worker.ts",
  "server/web/main.tsx",
];

interface Edge {
  readonly from: string;
  readonly to: string;
  readonly kind: "code" | "type";
  readonly dynamic: boolean;
}

interface Graph {
  readonly modules: ReadonlySet<string>;
  readonly edges: readonly Edge[];
}

/** What a folder may import, besides itself. The longest matching folder decides. */
const layers: Readonly<Record<string, readonly string[]>> = {
  "lib": ["npm:@logtape/logtape", "deno.json"],
  "protocol": ["lib", "npm:zod/mini", "npm:zod/v4/core"],
  "ffi": ["lib"],
  "collectors": ["lib", "protocol", "ffi", "npm:zod/mini"],
  "diagnostics": ["lib", "protocol", "ffi", "npm:zod/mini"],
  "transport": ["lib", "protocol", "npm:zod/mini"],
  "server/storage": [
    "lib",
    "protocol",
    "transport/codec.ts",
    "server/rates.ts",
    "npm:@libsql/client",
    "npm:zod/mini",
  ],
  "agent": ["lib", "protocol", "ffi", "collectors", "diagnostics", "transport", "npm:zod/mini"],
  "agent/main.ts": ["cli", "lib"],
  "server": ["lib", "protocol", "transport/codec.ts", "npm:hono", "npm:zod"],
  "server/web": ["npm:preact", "npm:@preact/signals", "npm:uplot"],
  "cli": [
    "lib",
    "protocol",
    "ffi",
    "collectors",
    "diagnostics",
    "transport",
    "npm:commander",
    "npm:zod/mini",
    "npm:zod/v4/core",
    "npm:yaml",
  ],
  "main.ts": ["cli", "lib"],
};

/** Imports of types only cost nothing at run time and are allowed here in addition. */
const typeLayers: Readonly<Record<string, readonly string[]>> = {
  "server/web": ["protocol"],
  "cli": ["agent", "server"],
};

/** What may be imported when a command needs it, and not before. */
const dynamicLayers: Readonly<Record<string, readonly string[]>> = {
  "cli": ["agent", "server"],
};

async function graphOf(entryPoint: string): Promise<Graph> {
  const { stdout, stderr, success } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", entryPoint],
    cwd: root,
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  const info = JSON.parse(new TextDecoder().decode(stdout));
  const modules = new Set<string>();
  const edges: Edge[] = [];
  for (const module of info.modules) {
    assert.equal(module.error, undefined, `${entryPoint}: ${module.error}`);
    const from = nameOf(module.specifier);
    if (!module.specifier.startsWith("file:")) continue;
    modules.add(from);
    for (const dependency of module.dependencies ?? []) {
      for (const kind of ["code", "type"] as const) {
        const target = dependency[kind]?.specifier;
        if (target !== undefined && !target.startsWith("node:")) {
          edges.push({ from, to: nameOf(target), kind, dynamic: dependency.isDynamic === true });
        }
      }
    }
  }
  return { modules, edges };
}

/** A path below the checkout, or `npm:<package>[/path]` without its version. */
function nameOf(specifier: string): string {
  if (specifier.startsWith("file:")) return relative(root, fileURLToPath(specifier)).replaceAll("\\", "/");
  return specifier.replace(/^npm:\/?((?:@[^/]+\/)?[^@/]+)@[^/]+/, "npm:$1");
}

function within(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

function layerOf(path: string): string | undefined {
  return Object.keys(layers).filter((folder) => within(path, folder)).sort((a, b) => b.length - a.length)[0];
}

/** `npm:zod` allows `npm:zod/mini`; `npm:zod/mini` does not allow `npm:zod`. */
function allowed(edge: Edge, layer: string): boolean {
  const targets = [layer, ...layers[layer] ?? []];
  if (edge.kind === "type") targets.push(...typeLayers[layer] ?? []);
  if (edge.dynamic) targets.push(...dynamicLayers[layer] ?? []);
  if (layer === "server" && within(edge.to, "server/web")) return edge.to === "server/web/bundle.ts";
  if (layer.startsWith("server/web")) {
    return targets.some((target) => target !== "server" && within(edge.to, target));
  }
  return targets.some((target) => within(edge.to, target));
}

const graphs = new Map<string, Graph>();
for (const entryPoint of entryPoints) graphs.set(entryPoint, await graphOf(entryPoint));

function* sources(folder = root): Generator<string> {
  for (const entry of Deno.readDirSync(folder)) {
    const path = join(folder, entry.name);
    const name = relative(root, path).replaceAll("\\", "/");
    if (entry.isDirectory) {
      if (!/^(\.|dist$|node_modules$|tests\/fixtures)/.test(name)) yield* sources(path);
    } else if (/\.tsx?$/.test(name) && name !== "server/web/bundle.ts") yield name;
  }
}

const allSources = [...sources()];
const shipped = allSources.filter((name) =>
  !/^(tests|tools|bench)\//.test(name) && !/_test\.tsx?$/.test(name)
);

Deno.test("architecture: every import goes from a higher layer to a lower one", () => {
  const wrong = new Set<string>();
  for (const { edges } of graphs.values()) {
    for (const edge of edges) {
      const layer = layerOf(edge.from);
      if (layer === undefined) wrong.add(`${edge.from} is in no layer`);
      else if (!allowed(edge, layer)) {
        wrong.add(`${edge.from} → ${edge.to}${edge.dynamic ? " (dynamic)" : ""}`);
      }
    }
  }
  assert.deepEqual([...wrong].sort(), []);
});

Deno.test("architecture: every module that ships is reached from a program", () => {
  const reached = new Set([...graphs.values()].flatMap((graph) => [...graph.modules]));
  const reachedByType = new Set([...graphs.values()].flatMap((graph) => graph.edges.map((edge) => edge.to)));
  assert.deepEqual(shipped.filter((name) => !reached.has(name) && !reachedByType.has(name)), []);
});

Deno.test("architecture: the agent's program holds no server, no hono, no libsql and of zod only zod/mini", () => {
  const graph = graphs.get("agent/main.ts");
  assert.ok(graph);
  const foreign = graph.edges
    .filter((edge) => edge.kind === "code")
    .filter(({ to }) => within(to, "server") || /^npm:(hono|@libsql\/|zod$|zod\/v4$|preact|uplot)/.test(to))
    .map((edge) => `${edge.from} → ${edge.to}`);
  assert.deepEqual(foreign, []);
});

/** A capability, and the only places that may use it. */
const capabilities: readonly { what: string; pattern: RegExp; owners: readonly string[] }[] = [
  { what: "FFI", pattern: /\bDeno\.(dlopen|Unsafe\w+)/, owners: ["ffi"] },
  {
    what: "subprocesses",
    pattern: /\bDeno\.Command\b|node:child_process/,
    owners: ["diagnostics", "collectors/vendor_command.ts"],
  },
  {
    what: "SQL",
    pattern: /["'`]\s*(SELECT|INSERT|UPDATE|DELETE|CREATE TABLE|PRAGMA)\s/,
    owners: ["server/storage"],
  },
  {
    what: "the clock",
    pattern: /\bDate\.now\(|\bnew Date\(\)|\bperformance\.now\(|\bset(Timeout|Interval)\(/,
    owners: ["lib/clock.ts", "server/web"],
  },
  { what: "the console", pattern: /\bconsole\.\w+\(/, owners: [] },
  { what: "host paths", pattern: /["'`]\/(proc|sys)\//, owners: ["lib/host_fs.ts"] },
  {
    what: "HTML from text",
    pattern: /innerHTML|insertAdjacentHTML|document\.write|dangerouslySetInnerHTML/,
    owners: [],
  },
  {
    what: "silenced type checks",
    pattern: /@ts-(ignore|expect-error|nocheck)|:\s*any\b|\bas any\b|\bas unknown as\b/,
    owners: [],
  },
];

for (const { what, pattern, owners } of capabilities) {
  Deno.test(`architecture: ${what} only in ${owners.join(", ") || "no module"}`, () => {
    const users = shipped.filter((name) => !owners.some((owner) => within(name, owner))).flatMap((name) => {
      const lines = Deno.readTextFileSync(join(root, name)).split("\n");
      return lines.flatMap((line, index) =>
        pattern.test(line) && !/^\s*(\/\/|\*|\/\*)/.test(line) ? [`${name}:${index + 1}: ${line.trim()}`] : []
      );
    });
    assert.deepEqual(users, []);
  });
}

Deno.test("architecture: no test is switched off without saying why", () => {
  const switchedOff = allSources.filter((name) => name !== "tests/architecture_test.ts").flatMap((name) => {
    const text = Deno.readTextFileSync(join(root, name));
    return /Deno\.test\.(ignore|only)|\bignore:\s*true|\bonly:\s*true/.test(text) ? [name] : [];
  });
  assert.deepEqual(switchedOff, []);
});

Deno.test("architecture: no path of a build machine stands in the project", () => {
  const listed = new Deno.Command("git", { args: ["ls-files"], cwd: root }).outputSync();
  assert.ok(listed.success, "git ls-files");
  const files = new TextDecoder().decode(listed.stdout).split("\n").filter((name) => name !== "");
  const home = dirname(root);
  const naming = files.filter((name) => {
    if (/^(tests\/fixtures|tests\/golden)\//.test(name) || home.length < 4) return false;
    try {
      return Deno.readTextFileSync(join(root, name)).includes(root);
    } catch {
      return false; // Removed from the working tree, or not text.
    }
  });
  assert.deepEqual(naming, []);
});
