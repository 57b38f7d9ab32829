/** Sessions of browsers in `control.db`. The secret itself is only in the browser's cookie. */
import type { Databases } from "./database.ts";
import { bytesOf, numberOf, textOf } from "./rows.ts";

/** Tables of this file. `secret_hash` is SHA-256. */
export const createSessionsTable = `
  CREATE TABLE sessions (
    secret_hash BLOB PRIMARY KEY,
    principal TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    last_used_ms INTEGER NOT NULL
  )`;

/** What tells this server from others: random, no secret. */
export const createServerTable = `
  CREATE TABLE server (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    id TEXT NOT NULL
  )`;

/** A session as it is stored. */
export interface SessionRow {
  /** SHA-256 of the secret. */
  readonly secretHash: Uint8Array<ArrayBuffer>;
  readonly principal: string;
  readonly createdMs: number;
  readonly lastUsedMs: number;
}

/** Operations on sessions. */
export function sessionOperations({ control }: Databases) {
  return {
    /** All sessions, the least recently used first. */
    async listSessions(_: null): Promise<SessionRow[]> {
      const { rows } = await control.execute("SELECT * FROM sessions ORDER BY last_used_ms");
      return rows.map((row) => ({
        secretHash: bytesOf(row, "secret_hash"),
        principal: textOf(row, "principal"),
        createdMs: numberOf(row, "created_ms"),
        lastUsedMs: numberOf(row, "last_used_ms"),
      }));
    },

    /** Inserts a session, or notes when it was used. */
    async saveSession(session: SessionRow): Promise<void> {
      await control.execute({
        sql: `INSERT INTO sessions (secret_hash, principal, created_ms, last_used_ms) VALUES (?, ?, ?, ?)
              ON CONFLICT (secret_hash) DO UPDATE SET last_used_ms = excluded.last_used_ms`,
        args: [session.secretHash, session.principal, session.createdMs, session.lastUsedMs],
      });
    },

    /** The server's id; `fresh` becomes it when there is none. */
    async serverId(fresh: string): Promise<string> {
      await control.execute({
        sql: "INSERT INTO server (only, id) VALUES (1, ?) ON CONFLICT DO NOTHING",
        args: [fresh],
      });
      const [row] = (await control.execute("SELECT id FROM server")).rows;
      if (row === undefined) throw new Error("The server's id was not stored");
      return textOf(row, "id");
    },

    async deleteSession(secretHash: Uint8Array<ArrayBuffer>): Promise<void> {
      await control.execute({ sql: "DELETE FROM sessions WHERE secret_hash = ?", args: [secretHash] });
    },
  };
}
