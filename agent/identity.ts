/**
 * Who this agent is to its server: `DIR/identity.json`, readable by its owner only.
 *
 * `{"agent_id": "…", "agent_key": "…", "server": "https://…"}`. The key is a secret; it belongs to that server alone.
 */
import * as z from "zod/mini";
import { writeFileAtomic } from "../lib/atomic_file.ts";

const identitySchema = z.object({
  agent_id: z.string().check(z.minLength(1), z.maxLength(64)),
  agent_key: z.string().check(z.minLength(1), z.maxLength(1024)),
  server: z.string(),
});

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
   * The identity; `undefined` when there is none yet or it belongs to another server. Makes the folder when it is absent,
   * so that one that can't be made is met before the server has used up a token.
   *
   * @throws When the folder can't be made, or the file can't be read or is not what was written.
   */
  load(): Promise<Identity | undefined>;
  /** @throws When the file can't be written. */
  save(identity: Identity): Promise<void>;
}

/** The identity file in `dataDirectory`, which `load` makes with mode 0700 when it is absent. */
export function identityFile(dataDirectory: string, serverUrl: string): IdentityFile {
  const path = `${dataDirectory}/identity.json`;
  return {
    path,
    async load() {
      try {
        await Deno.mkdir(dataDirectory, { recursive: true, mode: 0o700 });
      } catch (cause) {
        throw new Error(`Cannot make the agent's folder ${dataDirectory}`, { cause });
      }
      let text: string;
      try {
        text = await Deno.readTextFile(path);
      } catch (cause) {
        if (cause instanceof Deno.errors.NotFound) return undefined;
        throw new Error(`Cannot read the agent's identity from ${path}`, { cause });
      }
      const identity = parse(text, path);
      if (identity.server !== serverUrl) return undefined;
      return { agentId: identity.agent_id, agentKey: identity.agent_key };
    },
    async save(identity) {
      const contents = { agent_id: identity.agentId, agent_key: identity.agentKey, server: serverUrl };
      await writeFileAtomic(path, JSON.stringify(contents, null, 2) + "\n");
    },
  };
}

function parse(text: string, path: string): z.infer<typeof identitySchema> {
  // The text holds a key: neither it nor a parser's message about it goes into an error.
  const broken = () => new Error(`${path} is damaged: remove it, and the agent registers as a new host`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw broken();
  }
  const identity = z.safeParse(identitySchema, value);
  if (!identity.success) throw broken();
  return identity.data;
}
