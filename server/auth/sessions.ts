/**
 * Signed-in browsers.
 *
 * A one-time code (in memory, ten minutes) or the admin token buys a session. Its secret is only in the browser's cookie;
 * the server keeps the SHA-256 of it and looks up by that, so that timing tells nothing about a secret. Codes and tokens are
 * 128 random bits and more: attempts are not counted, because guessing is hopeless and a count would let anybody lock the
 * operator out.
 */
import type { Clock } from "../../lib/clock.ts";
import { logger } from "../../lib/log.ts";
import { randomBase64Url } from "../../lib/random.ts";
import type { Sessions } from "../services.ts";
import type { SessionRow } from "../storage/session_table.ts";
import type { Store } from "../storage/store.ts";
import { hashSecret, type Tokens } from "./tokens.ts";

const log = logger("server", "sessions");

/** How long sessions and codes live, and how many there are. */
export const sessionLimits = {
  codeMs: 10 * 60_000,
  codes: 100,
  /** From sign-in. */
  absoluteMs: 30 * 24 * 3_600_000,
  /** From the last request. */
  idleMs: 7 * 24 * 3_600_000,
  sessions: 1000,
} as const;

/** How often the use of a session is written down. */
const saveUseEveryMs = 10 * 60_000;

const secretBytes = 32;
const secretPattern = /^[A-Za-z0-9_-]{43}$/;
const codeBytes = 16;
const serverIdBytes = 4;

/** There are no users yet: whoever signs in is this principal. */
const principal = "admin";

/** What sessions work with. */
export interface SessionsOptions {
  readonly clock: Clock;
  readonly store: Pick<Store, "run">;
  readonly tokens: Pick<Tokens, "isAdminToken">;
}

interface Session {
  row: SessionRow;
  savedMs: number;
  /** Told when the session ends. */
  readonly listeners: Set<() => void>;
}

/** Takes up the sessions of an earlier run. */
export async function createSessions(options: SessionsOptions): Promise<Sessions> {
  const { clock, store, tokens } = options;
  /** When each code ends, by its hash. */
  const codes = new Map<string, number>();
  /** By the hash of the secret, the least recently used first. */
  const sessions = new Map<string, Session>();

  const isExpired = ({ row }: Session) =>
    clock.now() >= row.createdMs + sessionLimits.absoluteMs ||
    clock.now() >= row.lastUsedMs + sessionLimits.idleMs;

  async function drop(key: string, session: Session): Promise<void> {
    sessions.delete(key);
    for (const listener of session.listeners) listener();
    await store.run("deleteSession", session.row.secretHash);
  }

  function spendCode(code: string): boolean {
    const key = keyOf(code);
    const endsMs = codes.get(key);
    codes.delete(key);
    return endsMs !== undefined && clock.now() < endsMs;
  }

  async function open(): Promise<string> {
    const secret = randomBase64Url(secretBytes);
    const now = clock.now();
    const row = { secretHash: hashSecret(secret), principal, createdMs: now, lastUsedMs: now };
    for (const [oldKey, old] of sessions) {
      if (sessions.size < sessionLimits.sessions && !isExpired(old)) break;
      await drop(oldKey, old);
    }
    await store.run("saveSession", row);
    sessions.set(keyOf(secret), { row, savedMs: now, listeners: new Set() });
    return secret;
  }

  for (const row of await store.run("listSessions", null)) {
    const session = { row, savedMs: row.lastUsedMs, listeners: new Set<() => void>() };
    const key = row.secretHash.toHex();
    if (isExpired(session)) await drop(key, session);
    else sessions.set(key, session);
  }

  return {
    issueCode() {
      const code = randomBase64Url(codeBytes);
      const key = keyOf(code);
      codes.set(key, clock.now() + sessionLimits.codeMs);
      const [oldest] = codes.keys();
      if (codes.size > sessionLimits.codes && oldest !== undefined) codes.delete(oldest);
      return code;
    },
    async signIn({ code, token }) {
      const known = code !== undefined ? spendCode(code) : tokens.isAdminToken(token ?? "");
      return known ? await open() : undefined;
    },
    async principalOf(secret) {
      if (!secretPattern.test(secret)) return undefined;
      const key = keyOf(secret);
      const session = sessions.get(key);
      if (session === undefined) return undefined;
      if (isExpired(session)) {
        await drop(key, session);
        return undefined;
      }
      const now = clock.now();
      session.row = { ...session.row, lastUsedMs: now };
      sessions.delete(key); // and back in, as the most recently used
      sessions.set(key, session);
      if (now - session.savedMs >= saveUseEveryMs) {
        session.savedMs = now;
        store.run("saveSession", session.row).catch((error: unknown) =>
          // The session goes on; after a restart it only looks idle for longer than it was.
          log.warning("Cannot record the use of a session: {error}", { error })
        );
      }
      return session.row.principal;
    },
    async signOut(secret) {
      const key = keyOf(secret);
      const session = sessions.get(key);
      if (session !== undefined) await drop(key, session);
    },
    onEnd(secret, callback) {
      const listeners = sessions.get(keyOf(secret))?.listeners;
      listeners?.add(callback);
      return () => listeners?.delete(callback);
    },
    cookieName: `spectra_session_${await store.run(
      "serverId",
      crypto.getRandomValues(new Uint8Array(serverIdBytes)).toHex(),
    )}`,
  };
}

function keyOf(secret: string): string {
  return hashSecret(secret).toHex();
}
