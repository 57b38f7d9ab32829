/**
 * Makes the agent known to its server, and keeps the right to talk to it.
 *
 * With a key from an earlier run it registers as the same agent. Without one, or when the server does not know the key
 * any more, it registers with the enrolment token. What only a person can mend is said once, and tried again slowly.
 */
import * as z from "zod/mini";
import { type Clock, sleep } from "../lib/clock.ts";
import { errorChain, logger } from "../lib/log.ts";
import { type HostInfo, registeredSchema } from "../protocol/host_info.ts";
import { backoffDelayMs, probeDelayMs, retryAfterMs } from "../transport/backoff.ts";
import type { Credentials } from "../transport/credentials.ts";
import { answerText, type HttpClient, type HttpOutcome } from "../transport/http.ts";
import type { Identity, IdentityFile } from "./identity.ts";

const log = logger("agent", "register");

const registerDeadlineMs = 30_000;

/**
 * How often an agent may tell the server the name of its host again. When the server has another one sooner than that, a
 * second agent tells it with the same key: answering it each time would have both take turns for ever.
 */
const reclaimSpacingMs = 3_600_000;

/** Longest enrolment token that is read from a file. */
const maximumTokenLength = 256;

/** What registering needs. */
export interface RegistrationOptions {
  readonly clock: Clock;
  readonly http: HttpClient;
  readonly identityFile: IdentityFile;
  /** File with the enrolment token. */
  readonly tokenFile: string | undefined;
  /** What the host says of itself now. */
  hostInfo(): HostInfo;
  /** A number in [0, 1). */
  random(): number;
}

/** The agent's registration. */
export interface Registration extends Credentials {
  /**
   * Registers, trying again until it is accepted or `stop` is aborted.
   *
   * @throws When the identity file is damaged or can't be read.
   */
  run(stop: AbortSignal): Promise<void>;
}

/** Outcome of one attempt: registered, or in words why not. */
type Attempt =
  | { readonly ok: true; readonly identity: Identity }
  | {
    readonly ok: false;
    readonly words: string;
    readonly needsPerson: boolean;
    readonly retryAfterMs: number;
  };

/** Makes the registration of one agent at one server. */
export function registration(options: RegistrationOptions): Registration {
  const { clock, http, identityFile, tokenFile, hostInfo, random } = options;
  /** What the file holds; the server may not know it. */
  let known: Identity | undefined;
  let accepted: Identity | undefined;
  const ready = new EventTarget();
  let renewing: Promise<boolean> | undefined;
  let reclaimedMs: number | undefined;
  let saidShared = false;

  const post = async (body: HostInfo, key: string | undefined, stop: AbortSignal): Promise<HttpOutcome> =>
    await http.send({
      method: "POST",
      path: "/api/v1/agent/register",
      headers: {
        "content-type": "application/json",
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      },
      body: new TextEncoder().encode(JSON.stringify(body)),
      deadlineMs: registerDeadlineMs,
      signal: stop,
    });

  const attempt = async (stop: AbortSignal): Promise<Attempt> => {
    if (known !== undefined) {
      const outcome = await post({ ...hostInfo(), agent_id: known.agentId }, known.agentKey, stop);
      // Forgotten by the server: the token, where there is one, makes this a new agent.
      const isForgotten = outcome.ok && outcome.status === 401;
      if (!isForgotten || tokenFile === undefined) {
        const secret = `the key in ${identityFile.path}; with --token-file this host registers as a new one`;
        return judge(outcome, secret, known.agentKey);
      }
      log.warning("The server does not accept the key in {path}: registering anew", {
        path: identityFile.path,
      });
    }
    if (tokenFile === undefined) {
      const words = "this agent has no key yet and no enrolment token: give --token-file";
      return { ok: false, words, needsPerson: true, retryAfterMs: 0 };
    }
    const token = await readToken(tokenFile);
    if (!token.ok) return { ok: false, words: token.words, needsPerson: true, retryAfterMs: 0 };
    const outcome = await post({ ...hostInfo(), enrollment_token: token.token }, undefined, stop);
    return judge(outcome, `the enrolment token in ${tokenFile}`, undefined);
  };

  /** `secret` says what the server was shown, `key` is the key among it. */
  const judge = (outcome: HttpOutcome, secret: string, key: string | undefined): Attempt => {
    if (outcome.ok && outcome.status === 200) {
      const answer = z.safeParse(registeredSchema, outcome.json);
      const agentKey = answer.data?.agent_key ?? key;
      if (answer.success && agentKey !== undefined) {
        return { ok: true, identity: { agentId: answer.data.agent_id, agentKey } };
      }
    }
    const isDenied = outcome.ok && (outcome.status === 401 || outcome.status === 403);
    const words = isDenied ? `${answerText(outcome)} It does not accept ${secret}` : answerText(outcome);
    const askedMs = outcome.ok
      ? retryAfterMs(outcome.headers.get("retry-after"), outcome.serverNowMs) ?? 0
      : 0;
    return { ok: false, words, needsPerson: isDenied, retryAfterMs: askedMs };
  };

  const accept = async (identity: Identity): Promise<void> => {
    const isNew = identity.agentId !== known?.agentId || identity.agentKey !== known.agentKey;
    known = identity;
    accepted = identity;
    log.info("Registered as agent {agentId}", { agentId: identity.agentId });
    ready.dispatchEvent(new Event("ready"));
    if (!isNew) return;
    try {
      await identityFile.save(identity);
    } catch (error) {
      // It works as long as the process lives, which is better than not to.
      log.error("The agent will have to register as a new host at its next start: {error}", { error });
    }
  };

  const registerAgain = async (stop: AbortSignal): Promise<boolean> => {
    renewing ??= attempt(stop).then(async (result) => {
      if (result.ok) await accept(result.identity);
      else log.warning("Cannot register again: {words}", { words: result.words });
      return result.ok;
    }).finally(() => renewing = undefined);
    return await renewing;
  };

  return {
    async run(stop) {
      known = await identityFile.load();
      let lastWords: string | undefined;
      for (let failures = 1; !stop.aborted; failures++) {
        const result = await attempt(stop);
        if (result.ok) return await accept(result.identity);
        if (stop.aborted) return;
        const { words } = result;
        if (words !== lastWords) log.warning("Cannot register, trying again: {words}", { words });
        lastWords = words;
        const delayMs = result.needsPerson ? probeDelayMs(random()) : backoffDelayMs(failures, random());
        await sleep(clock, Math.max(delayMs, result.retryAfterMs), stop);
      }
    },
    async key(stop) {
      while (accepted === undefined && !stop.aborted) {
        await new Promise<void>((resolve) => {
          const done = () => {
            ready.removeEventListener("ready", done);
            stop.removeEventListener("abort", done);
            resolve();
          };
          ready.addEventListener("ready", done);
          stop.addEventListener("abort", done);
        });
      }
      return accepted?.agentKey;
    },
    async renew(key, stop) {
      if (accepted !== undefined && accepted.agentKey !== key) return true;
      return await registerAgain(stop);
    },
    async reclaim(stop) {
      const nowMs = clock.monotonicMs();
      if (reclaimedMs === undefined || nowMs - reclaimedMs >= reclaimSpacingMs) {
        const isRegistered = await registerAgain(stop);
        if (isRegistered) {
          reclaimedMs = nowMs;
          saidShared = false;
        }
        return isRegistered;
      }
      if (!saidShared) {
        log.error(
          "The identity in {path} is used by another agent too, on a host of another name: give each agent a data " +
            "directory of its own (not a copied one), and start it again. Measurements wait in memory",
          { path: identityFile.path },
        );
      }
      saidShared = true;
      return false;
    },
  };
}

type TokenRead = { readonly ok: true; readonly token: string } | {
  readonly ok: false;
  readonly words: string;
};

// Read each time: the file may come, or be replaced, while the agent runs.
async function readToken(path: string): Promise<TokenRead> {
  try {
    const token = (await Deno.readTextFile(path)).trim();
    if (token !== "" && token.length <= maximumTokenLength) return { ok: true, token };
    const words = `${path} must hold an enrolment token of at most ${maximumTokenLength} characters`;
    return { ok: false, words };
  } catch (error) {
    return { ok: false, words: `Cannot read the enrolment token from ${path}: ${errorChain(error)}` };
  }
}
