/** Secrets: compared by their hashes in constant time, kept in files that only their owner reads. */
import { createHash, timingSafeEqual } from "node:crypto";
import { writeFileAtomic } from "../../lib/atomic_file.ts";
import { randomBase64Url } from "../../lib/random.ts";

/** SHA-256 of a secret. Secrets are random and long, so nothing slower is needed. */
export function hashSecret(secret: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash("sha256").update(secret).digest());
}

/** The tokens that a server was started with. */
export interface Tokens {
  isAdminToken(token: string): boolean;
  isEnrollmentToken(token: string): boolean;
}

/** Checks tokens against these two; neither is kept in clear. */
export function createTokens(adminToken: string, enrollmentToken: string): Tokens {
  const admin = hashSecret(adminToken);
  const enrollment = hashSecret(enrollmentToken);
  return {
    isAdminToken: (token) => timingSafeEqual(hashSecret(token), admin),
    isEnrollmentToken: (token) => timingSafeEqual(hashSecret(token), enrollment),
  };
}

const tokenBytes = 24;
const tokenPattern = /^[A-Za-z0-9_-]{32,256}$/;

/**
 * The token in a file; the file is made with a new token (mode 0600) when it is absent.
 *
 * @throws When the file can't be read or written, or holds something else.
 */
export async function loadToken(path: string): Promise<string> {
  let token: string;
  try {
    token = (await Deno.readTextFile(path)).trim();
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw new Error(`Cannot read the token ${path}`, { cause });
    token = randomBase64Url(tokenBytes);
    await writeFileAtomic(path, `${token}\n`, { mode: 0o600 });
  }
  if (!tokenPattern.test(token)) {
    throw new Error(
      `${path} does not hold a token: delete the file, and a new one is made at the next start`,
    );
  }
  return token;
}
