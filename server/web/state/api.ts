/** Asking the server. Its answers have the shapes of `protocol/api.ts`: this page and the server are one program. */

/** An answer, or why there is none. */
export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  /** `status` is absent when the server could not be reached. */
  | { readonly ok: false; readonly status?: number; readonly detail: string };

/** Longest wait for an answer. */
const deadlineMs = 20_000;

/** Sends a request with the session's cookie; never throws. */
export async function ask<T>(
  method: "GET" | "POST" | "DELETE",
  path: string,
  body?: unknown,
): Promise<Answer<T>> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      signal: AbortSignal.timeout(deadlineMs),
      headers: {
        accept: "application/json",
        ...body === undefined ? {} : { "content-type": "application/json" },
      },
      ...body === undefined ? {} : { body: JSON.stringify(body) },
    });
  } catch {
    // The browser does not say why a connection failed.
    return {
      ok: false,
      detail: "The server does not answer. Check that it runs and that this browser reaches it.",
    };
  }
  try {
    const value = response.status === 204 ? undefined : await response.json();
    if (response.ok) return { ok: true, value };
    const detail: unknown = value?.detail;
    return {
      ok: false,
      status: response.status,
      detail: typeof detail === "string" ? detail : `The server answered ${response.status}.`,
    };
  } catch {
    // A proxy's page, or an answer that was cut off.
    const detail =
      `The server's answer (${response.status}) could not be read. Is there a proxy between that answers itself?`;
    return { ok: false, status: response.status, detail };
  }
}
