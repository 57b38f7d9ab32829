/**
 * Requests of an agent to its server: a deadline over everything, the answer bounded, failure as a value.
 *
 * HTTP/1.1 on purpose: the runtime's client never recovers from an HTTP/2 connection that died silently, it gives every
 * later request to it.
 */
import type { Clock } from "../lib/clock.ts";
import { errorChain } from "../lib/log.ts";
import { BodyError, parseJson, readAtMost } from "./codec.ts";

/** Longest answer that is read, in bytes. */
const maximumAnswerBytes = 64 * 1024;

/** One request. */
export interface HttpRequest {
  readonly method: "GET" | "POST";
  /** Path and query below the server's base URL, e.g. `/api/v1/metrics?hostname=web-01`. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array<ArrayBuffer>;
  /** Time for connecting, sending and reading the answer together. */
  readonly deadlineMs: number;
  /** Gives up at once when aborted. */
  readonly signal: AbortSignal;
}

/** What came back, or why nothing did. */
export type HttpOutcome =
  | {
    readonly ok: true;
    readonly status: number;
    readonly headers: Headers;
    /** The server's time as its `Date` header says, else this machine's, in Unix milliseconds. */
    readonly serverNowMs: number;
    /** The parsed body; `undefined` when it is not JSON, too long or cut off. */
    readonly json: unknown;
    /** First words of the body, for messages. */
    readonly excerpt: string;
  }
  | { readonly ok: false; readonly reason: string };

/** Sends requests to one server. */
export interface HttpClient {
  /** Never throws. */
  send(request: HttpRequest): Promise<HttpOutcome>;
  close(): void;
}

/** Makes a client of the server at `baseUrl`. Redirects are not followed: a key goes to no other server. */
export function httpClient(baseUrl: string, clock: Clock): HttpClient {
  const client = Deno.createHttpClient({ http2: false });
  const base = baseUrl.replace(/\/+$/, "");
  return {
    async send({ method, path, headers, body, deadlineMs, signal }) {
      const controller = new AbortController();
      const abort = () => controller.abort(signal.reason);
      const cancelDeadline = clock.after(
        deadlineMs,
        () => controller.abort(new Error(`no answer within ${deadlineMs / 1_000} s`)),
      );
      signal.addEventListener("abort", abort, { once: true });
      if (signal.aborted) abort();
      try {
        // Named first: TypeScript knows `client` on neither of the `RequestInit`s that the DOM and Deno declare.
        const init: RequestInit & { client: Deno.HttpClient } = {
          method,
          client,
          redirect: "manual",
          signal: controller.signal,
          ...(headers === undefined ? {} : { headers }),
          ...(body === undefined ? {} : { body }),
        };
        const response = await fetch(base + path, init);
        const date = Date.parse(response.headers.get("date") ?? "");
        return {
          ok: true,
          status: response.status,
          headers: response.headers,
          serverNowMs: Number.isNaN(date) ? clock.now() : date,
          ...await readAnswer(response),
        };
      } catch (error) {
        return { ok: false, reason: errorChain(error) };
      } finally {
        cancelDeadline();
        signal.removeEventListener("abort", abort);
      }
    },
    close: () => client.close(),
  };
}

async function readAnswer(response: Response): Promise<{ json: unknown; excerpt: string }> {
  let bytes: Uint8Array;
  try {
    bytes = await readAtMost(response.body, maximumAnswerBytes);
  } catch (error) {
    // The status is known all the same, and a 413 or 503 counts whatever follows it.
    return { json: undefined, excerpt: errorChain(error) };
  }
  try {
    return { json: parseJson(bytes), excerpt: excerptOf(bytes) };
  } catch (error) {
    if (error instanceof BodyError) return { json: undefined, excerpt: excerptOf(bytes) };
    throw error;
  }
}

function excerptOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes.subarray(0, 256)).replace(/\s+/g, " ").trim();
}

/** What an answer says in words: the `detail` of a problem, else its first words. */
export function answerText(outcome: HttpOutcome): string {
  if (!outcome.ok) return outcome.reason;
  const { json, status, excerpt } = outcome;
  const detail = typeof json === "object" && json !== null && "detail" in json ? json.detail : undefined;
  const words = typeof detail === "string" ? detail.slice(0, 1024) : excerpt;
  return words === "" ? `HTTP ${status}` : `HTTP ${status}: ${words}`;
}
