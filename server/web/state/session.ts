/** Whether this browser is signed in, and signing in and out. */
import { signal } from "@preact/signals";
import { type Answer, ask } from "./api.ts";

/** Where the session stands. `notice` says why somebody has to sign in. */
export type SessionState =
  | { readonly status: "checking" }
  | { readonly status: "in"; readonly serverVersion: string }
  | { readonly status: "out"; readonly notice?: string }
  | { readonly status: "unreachable"; readonly detail: string };

/** The session of this browser. */
export const session = signal<SessionState>({ status: "checking" });

interface SessionAnswer {
  readonly principal: string;
  readonly server_version: string;
}

/**
 * Takes the one-time code from the address, where there is one, so that it stays neither there nor in the history.
 */
export function takeCodeFromAddress(): string | undefined {
  if (!location.hash.startsWith("#code=")) return undefined;
  const code = new URLSearchParams(location.hash.slice(1)).get("code") ?? "";
  history.replaceState(null, "", location.pathname + location.search);
  return code === "" ? undefined : code;
}

/** Signs in with a code, where there is one, then looks whether the session holds. */
export async function startSession(code?: string): Promise<void> {
  session.value = { status: "checking" };
  const signedIn = code === undefined ? undefined : await ask("POST", "/api/v1/session", { code });
  const answer = await ask<SessionAnswer>("GET", "/api/v1/session");
  if (answer.ok) session.value = { status: "in", serverVersion: answer.value.server_version };
  else if (answer.status !== 401) session.value = { status: "unreachable", detail: answer.detail };
  else if (signedIn?.ok === false) {
    const notice = signedIn.status === 401
      ? "This sign-in link was used before or has expired: it works once, for ten minutes."
      : signedIn.detail;
    session.value = { status: "out", notice };
  } else session.value = { status: "out" };
}

/** Signs in with the admin token; what went wrong, or `undefined` when it worked. */
export async function signIn(token: string): Promise<string | undefined> {
  const answer = await ask("POST", "/api/v1/session", { token });
  if (answer.ok) {
    await startSession();
    return undefined;
  }
  return answer.status === 401 ? "This is not the admin token of this server." : answer.detail;
}

/** Ends the session; what went wrong, or `undefined` when it worked. */
export async function signOut(): Promise<string | undefined> {
  const answer = await ask("DELETE", "/api/v1/session");
  if (!answer.ok && answer.status !== 401) return answer.detail;
  session.value = { status: "out", notice: "You have signed out." };
  return undefined;
}

/** Looks at an answer: a 401 means that the session has ended. */
export function noticeExpiry(answer: Answer<unknown>): void {
  if (!answer.ok && answer.status === 401) {
    session.value = { status: "out", notice: "Your session has ended." };
  }
}
