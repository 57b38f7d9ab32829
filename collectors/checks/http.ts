/** Checks what a web server answers, and how long its certificate is valid. */
import { readTextUpTo } from "../../lib/bounded_text.ts";
import { logger } from "../../lib/log.ts";
import { requestFailure } from "../request_failure.ts";
import { certificateExpiryMs } from "./certificate.ts";
import type { CheckContext, CheckOutcome } from "./outcome.ts";
import type { CheckTargetOf } from "./settings.ts";

const log = logger("collectors", "checks");

/** Most of a body that is looked through for a keyword. */
const maxBodyBytes = 256 * 1024;
const dayMs = 86_400_000;

/**
 * Asks once, over a connection of its own. `caCerts` are trusted besides the system's authorities.
 *
 * A target that can't be reached is an outcome here, as its certificate may tell why.
 */
export async function checkHttp(
  target: CheckTargetOf<"http">,
  context: CheckContext,
  caCerts: string[] = [],
): Promise<CheckOutcome> {
  let answer: CheckOutcome;
  try {
    answer = await ask(target, context, caCerts);
  } catch (error) {
    answer = { ok: false, detail: requestFailure(error) };
  }
  const url = new URL(target.url);
  // Not from a server that does not answer: Deno 2.7 keeps the connection of a handshake that is broken off.
  if (url.protocol !== "https:" || context.signal.aborted) return answer;
  const certificateDaysLeft = await daysLeft(url, context);
  return { ...answer, ...(certificateDaysLeft === undefined ? {} : { certificateDaysLeft }) };
}

async function ask(
  { url, status, keyword, absent_keyword, follow_redirects }: CheckTargetOf<"http">,
  { clock, signal }: CheckContext,
  caCerts: string[],
): Promise<CheckOutcome> {
  using client = Deno.createHttpClient({ caCerts, http2: false, poolMaxIdlePerHost: 0 });
  const startedMs = clock.monotonicMs();
  // Named first: TypeScript knows `client` on neither of the `RequestInit`s that the DOM and Deno declare.
  const init: RequestInit & { client: Deno.HttpClient } = {
    client,
    signal,
    redirect: follow_redirects ? "follow" : "manual",
  };
  const response = await fetch(url, init);
  const measured = { latencyMs: clock.monotonicMs() - startedMs, statusCode: response.status };
  const body = keyword === undefined && absent_keyword === undefined
    ? await response.body?.cancel()
    : (await readTextUpTo(response.body, maxBodyBytes)).text;
  const isRight = status?.includes(response.status) ?? (response.status >= 200 && response.status < 400);
  const problem = isRight ? keywordProblem(body ?? "", keyword, absent_keyword) : undefined;
  const detail = `status ${response.status}${problem === undefined ? "" : `, ${problem}`}`;
  return { ...measured, ok: isRight && problem === undefined, detail };
}

function keywordProblem(body: string, keyword?: string, absentKeyword?: string): string | undefined {
  if (keyword !== undefined && !body.includes(keyword)) {
    return `the first ${maxBodyBytes / 1024} KiB of the body do not hold the keyword`;
  }
  if (absentKeyword !== undefined && body.includes(absentKeyword)) {
    return "the body holds the keyword that must be absent";
  }
  return undefined;
}

/** Days to two decimals; `undefined` when there is no certificate to be had, of which the answer tells. */
async function daysLeft(url: URL, { clock, signal }: CheckContext): Promise<number | undefined> {
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  try {
    const expiryMs = await certificateExpiryMs(host, url.port === "" ? 443 : Number(url.port), signal);
    return Math.round((expiryMs - clock.now()) / dayMs * 100) / 100;
  } catch (error) {
    log.debug("No certificate of {host}: {error}", { host, error });
    return undefined;
  }
}
