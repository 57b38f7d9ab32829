/**
 * Who this agent is to its server: `DIR/identity.json`, readable by its owner only.
 *
 * `{"identities": [{"agent_id": "…", "agent_key": "…", "server": "https://…"}]}`: one for each server that the agent has
 * reported to. A key is a secret; it belongs to that server alone. The first form of the file was one such identity.
 */
import * as z from "zod/mini";
import { writeFileAtomic } from "../lib/atomic_file.ts";

const identitySchema = z.object({
  agent_id: z.string().check(z.minLength(1), z.maxLength(64)),
  agent_key: z.string().check(z.minLength(1), z.maxLength(1024)),
  server: z.string(),
});

type KeptIdentity = z.infer<typeof identitySchema>;

const fileSchema = z.object({ identities: z.array(identitySchema) });

/** Who this agent is to its server. */
export interface Identity {
  readonly agentId: string;
  /** Bearer key. */
  readonly agentKey: string;
}

/** Keeps the identity for one server. */
export interface IdentityFile {
  readonly path: string;
  /**
   * The identity; `undefined` when there is none yet for this server.
   *
   * @throws When the file can't be read or is not what was written.
   */
  load(): Promise<Identity | undefined>;
  /** @throws When the file can't be written. */
  save(identity: Identity): Promise<void>;
}

/**
 * The identity file in `dataDirectory`.
 *
 * @param server URL of the server, or a name where the URL is not what makes it the same server.
 */
export function identityFile(dataDirectory: string, server: string): IdentityFile {
  const path = `${dataDirectory}/identity.json`;
  return {
    path,
    async load() {
      const identity = (await readAll(path, server)).find((kept) => kept.server === server);
      return identity && { agentId: identity.agent_id, agentKey: identity.agent_key };
    },
    async save({ agentId, agentKey }) {
      const others = (await readAll(path, server)).filter((kept) => kept.server !== server);
      const identities = [...others, { agent_id: agentId, agent_key: agentKey, server }];
      await writeFileAtomic(path, JSON.stringify({ identities }, null, 2) + "\n");
    },
  };
}

async function readAll(path: string, server: string): Promise<KeptIdentity[]> {
  let text: string;
  try {
    text = await Deno.readTextFile(path);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return [];
    throw new Error(`Cannot read the agent's identity from ${path}`, { cause });
  }
  // The text holds a key: neither it nor a parser's message about it goes into an error.
  const broken = () => new Error(`${path} is damaged: remove it, and the agent registers as a new host`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw broken();
  }
  const file = z.safeParse(fileSchema, value);
  if (file.success) return file.data.identities;
  const single = z.safeParse(identitySchema, value);
  if (!single.success) throw broken();
  // The first form knew a server by its URL only. A server with a name was alone in its folder: the identity is its own.
  return [URL.canParse(server) ? single.data : { ...single.data, server }];
}
