import assert from "node:assert/strict";
import { type ControlStore, controlStore } from "../../tests/support/control_store.ts";
import { type FakeClock, fakeClock } from "../../tests/support/fake_clock.ts";
import type { Sessions } from "../services.ts";
import { createSessions, sessionLimits } from "./sessions.ts";

const day = 24 * 3_600_000;

function sessionTest(
  name: string,
  run: (fixture: {
    clock: FakeClock;
    store: ControlStore;
    sessions: Sessions;
    /** Sessions on the same tables, as after a restart. */
    reopen: () => Promise<Sessions>;
  }) => Promise<void>,
): void {
  Deno.test(name, async () => {
    const clock = fakeClock();
    const store = await controlStore();
    const reopen = () =>
      createSessions({ clock, store, tokens: { isAdminToken: (token) => token === "right" } });
    try {
      await run({ clock, store, sessions: await reopen(), reopen });
    } finally {
      await store.close();
    }
  });
}

async function signIn(sessions: Sessions, credentials: Parameters<Sessions["signIn"]>[0]): Promise<string> {
  const secret = await sessions.signIn(credentials);
  assert.ok(secret !== undefined);
  return secret;
}

sessionTest("a code signs in once, even when it is spent twice at the same time", async ({ sessions }) => {
  const code = sessions.issueCode();
  assert.match(code, /^[A-Za-z0-9_-]{22}$/);
  const outcomes = await Promise.all([sessions.signIn({ code }), sessions.signIn({ code })]);
  assert.deepEqual(outcomes.map((secret) => secret !== undefined), [true, false]);
  assert.equal(await sessions.signIn({ code }), undefined);
});

sessionTest(
  "a code ends after ten minutes, and the oldest when there are too many",
  async ({ sessions, clock }) => {
    const late = sessions.issueCode();
    const inTime = sessions.issueCode();
    await clock.advance(sessionLimits.codeMs - 1);
    await signIn(sessions, { code: inTime });
    await clock.advance(1);
    assert.equal(await sessions.signIn({ code: late }), undefined);
    const oldest = sessions.issueCode();
    const codes = Array.from({ length: sessionLimits.codes }, () => sessions.issueCode());
    assert.equal(await sessions.signIn({ code: oldest }), undefined);
    await signIn(sessions, { code: codes[0] ?? "" });
  },
);

sessionTest(
  "the admin token signs in, and its secret names the principal until signed out",
  async ({ sessions }) => {
    assert.equal(await sessions.signIn({ token: "wrong" }), undefined);
    const secret = await signIn(sessions, { token: "right" });
    assert.match(secret, /^[A-Za-z0-9_-]{43}$/);
    assert.equal(await sessions.principalOf(secret), "admin");
    await sessions.signOut(secret);
    assert.equal(await sessions.principalOf(secret), undefined);
    await sessions.signOut(secret);
  },
);

sessionTest("principalOf refuses what is no secret of a session", async ({ sessions }) => {
  const secret = await signIn(sessions, { token: "right" });
  const changed = (secret.startsWith("A") ? "B" : "A") + secret.slice(1);
  for (const forged of ["", changed, secret + "A", "__proto__", "\u0000", "x".repeat(1_000_000)]) {
    assert.equal(await sessions.principalOf(forged), undefined);
  }
});

sessionTest(
  "a session survives a restart; on disk there is only the hash of its secret",
  async ({ sessions, store, reopen }) => {
    const secret = await signIn(sessions, { token: "right" });
    assert.equal(await (await reopen()).principalOf(secret), "admin");
    const [row] = await store.run("listSessions", null);
    const expected = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(secret)));
    assert.deepEqual(row?.secretHash, expected);
    await sessions.signOut(secret);
    assert.equal(await (await reopen()).principalOf(secret), undefined);
  },
);

sessionTest(
  "a session ends after 7 idle days and after 30 days in any case",
  async ({ sessions, clock, store, reopen }) => {
    const idle = await signIn(sessions, { token: "right" });
    const used = await signIn(sessions, { token: "right" });
    for (let days = 0; days < 30; days += 6) {
      assert.equal(await sessions.principalOf(used), "admin", `after ${days} days`);
      await clock.advance(6 * day);
    }
    assert.equal(await sessions.principalOf(idle), undefined);
    assert.equal(await sessions.principalOf(used), undefined);
    await reopen();
    assert.deepEqual(await store.run("listSessions", null), []);
  },
);

sessionTest(
  "the use of a session is written down now and then, so that a restart does not end it",
  async ({ sessions, clock, reopen }) => {
    const secret = await signIn(sessions, { token: "right" });
    await clock.advance(5 * day);
    assert.equal(await sessions.principalOf(secret), "admin");
    await clock.advance(5 * day);
    assert.equal(await (await reopen()).principalOf(secret), "admin");
  },
);

sessionTest("wrong guesses lock nobody out", async ({ sessions }) => {
  const attempts = Array.from({ length: 30 }, () => sessions.signIn({ token: "wrong" }));
  assert.deepEqual(new Set(await Promise.all(attempts)), new Set([undefined]));
  await signIn(sessions, { code: sessions.issueCode() });
});

sessionTest("the session least recently used goes when there are too many", async ({ sessions }) => {
  const secrets: string[] = [];
  for (let count = 0; count < sessionLimits.sessions; count++) {
    secrets.push(await signIn(sessions, { token: "right" }));
  }
  const [first = "", second = ""] = secrets;
  await sessions.principalOf(first);
  await signIn(sessions, { token: "right" });
  assert.equal(await sessions.principalOf(first), "admin");
  assert.equal(await sessions.principalOf(second), undefined);
});
