/** Checks what a name resolves to. */
import type { CheckContext, CheckOutcome } from "./outcome.ts";
import type { CheckTargetOf } from "./settings.ts";

/** Asks for the records of a name. Rejects when there are none. */
export async function checkDns(
  { query, record, expected, server }: CheckTargetOf<"dns">,
  { clock, signal }: CheckContext,
): Promise<CheckOutcome> {
  const startedMs = clock.monotonicMs();
  const answers = await Deno.resolveDns(query, record, {
    signal,
    ...(server === undefined ? {} : { nameServer: { ipAddr: server.address, port: server.port } }),
  });
  const latencyMs = clock.monotonicMs() - startedMs;
  const texts = answers.map(textOf);
  const isRight = expected === undefined ? texts.length > 0 : texts.some((text) => isSame(text, expected));
  const listed = texts.slice(0, 10).join(", ").slice(0, 1_024);
  return { ok: isRight, latencyMs, detail: texts.length === 0 ? "no answer" : `answer: ${listed}` };
}

/** An answer as zone files write it: `10 mail.example.org.` */
function textOf(answer: Awaited<ReturnType<typeof Deno.resolveDns>>[number]): string {
  if (typeof answer === "string") return answer;
  if (Array.isArray(answer)) return answer.join("");
  return "exchange" in answer ? `${answer.preference} ${answer.exchange}` : JSON.stringify(answer);
}

/** Names are the same in capital letters, and with the point of the root. */
function isSame(one: string, other: string): boolean {
  const plain = (text: string) => text.toLowerCase().replace(/\.$/, "");
  return plain(one) === plain(other);
}
