/** Shown while nobody is signed in. */
import { useSignal } from "@preact/signals";
import { useId } from "preact/hooks";
import { signIn } from "../state/session.ts";

/** Asks for the admin token; `notice` says why. */
export function SignInPage({ notice }: { readonly notice: string | undefined }) {
  const problem = useSignal<string | undefined>(undefined);
  const busy = useSignal(false);
  const field = useId();
  const help = useId();
  return (
    <main class="page narrow">
      <h1>Sign in</h1>
      {notice !== undefined && <p role="status" class="notice">{notice}</p>}
      <form
        class="card sign-in"
        onSubmit={async (event) => {
          event.preventDefault();
          const token = String(new FormData(event.currentTarget).get("token") ?? "").trim();
          busy.value = true;
          problem.value = token === "" ? "Paste the token first." : await signIn(token);
          busy.value = false;
        }}
      >
        {/* For password managers, which file a token under a name. */}
        <input type="text" name="username" autocomplete="username" value="admin" hidden readOnly />
        <label for={field}>Admin token</label>
        <input
          id={field}
          name="token"
          type="password"
          autocomplete="current-password"
          spellcheck={false}
          aria-describedby={help}
          aria-invalid={problem.value !== undefined}
        />
        {problem.value !== undefined && <p role="alert" class="problem-text">{problem.value}</p>}
        <button type="submit" class="main-button" disabled={busy.value}>
          {busy.value ? "Signing in…" : "Sign in"}
        </button>
        <div id={help} class="help">
          <p>
            The token is in the file <code>admin-token</code>{" "}
            in the data directory, which the server prints when it starts. To show it there:
          </p>
          <pre><code>cat DIR/admin-token</code></pre>
          <p>
            The link that the server prints at its start signs in without the token. It works once, for ten
            minutes; after that use the token, or restart the server for a new link.
          </p>
        </div>
      </form>
    </main>
  );
}
