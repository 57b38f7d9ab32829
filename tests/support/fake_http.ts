/** A server in a function, for tests of what the agent sends and when. */
import type { HttpClient, HttpOutcome, HttpRequest } from "../../transport/http.ts";
import type { FakeClock } from "./fake_clock.ts";

/** What a fake server answers: status and JSON, or nothing at all. */
export type FakeAnswer =
  | { readonly status: number; readonly json?: unknown; readonly headers?: Record<string, string> }
  | "unreachable";

/** A request as the fake server got it. */
export interface SeenRequest extends HttpRequest {
  /** On the fake clock, monotonic. */
  readonly atMs: number;
}

/** A client whose server is `answer`; every request is kept in `seen`. A promise as an answer holds the request open. */
export function fakeHttp(
  clock: FakeClock,
  answer: (request: HttpRequest, number: number) => FakeAnswer | Promise<FakeAnswer>,
): HttpClient & { readonly seen: SeenRequest[] } {
  const seen: SeenRequest[] = [];
  return {
    seen,
    async send(request): Promise<HttpOutcome> {
      seen.push({ ...request, atMs: clock.monotonicMs() });
      const aborted = new Promise<"unreachable">((resolve) => {
        if (request.signal.aborted) resolve("unreachable");
        request.signal.addEventListener("abort", () => resolve("unreachable"), { once: true });
      });
      const given = await Promise.race([answer(request, seen.length), aborted]);
      if (given === "unreachable") return { ok: false, reason: "connection refused" };
      return {
        ok: true,
        status: given.status,
        headers: new Headers(given.headers),
        serverNowMs: clock.now(),
        json: given.json,
        excerpt: "",
      };
    },
    close() {},
  };
}

/** Moves a fake clock on in steps until `condition` holds; work that is not a timer (compression) gets its turns. */
export async function advanceUntil(
  clock: FakeClock,
  what: string,
  condition: () => boolean,
  options: { readonly stepMs?: number; readonly maxMs?: number } = {},
): Promise<void> {
  const { stepMs = 1_000, maxMs = 600_000 } = options;
  for (let passedMs = 0; !condition(); passedMs += stepMs) {
    if (passedMs > maxMs) throw new Error(`Did not happen within ${maxMs} ms of the fake clock: ${what}`);
    await clock.advance(stepMs);
  }
}
