/** The bar on top of every page. */
import { useSignal } from "@preact/signals";
import { session, signOut } from "../state/session.ts";
import { themeChoice } from "../state/theme.ts";
import { ConnectionState } from "./banner.tsx";
import { Link } from "./link.tsx";

const themes = [["system", "Auto"], ["light", "Light"], ["dark", "Dark"]] as const;

/** Brand, connection, theme, sign-out. */
export function TopBar() {
  const problem = useSignal<string | undefined>(undefined);
  const signedIn = session.value.status === "in";
  return (
    <header class="top-bar">
      <Link path="/" class="brand" title="All hosts">
        <Mark />
        <span>Spectra</span>
      </Link>
      <span class="spacer" />
      {signedIn && <ConnectionState />}
      <div class="segmented" role="group" aria-label="Theme">
        {themes.map(([choice, word]) => (
          <button
            key={choice}
            type="button"
            aria-pressed={themeChoice.value === choice}
            onClick={() => themeChoice.value = choice}
          >
            {word}
          </button>
        ))}
      </div>
      {signedIn && (
        <button
          type="button"
          class="quiet-button"
          onClick={async () => {
            problem.value = await signOut();
          }}
        >
          Sign out
        </button>
      )}
      {problem.value !== undefined && <span role="alert" class="problem-text">{problem.value}</span>}
    </header>
  );
}

/** Five bars of a spectrum. */
function Mark() {
  return (
    <svg class="mark" viewBox="0 0 20 20" aria-hidden="true">
      <rect x="0" y="11" width="3" height="9" rx="1" fill="var(--series-violet)" />
      <rect x="4.25" y="5" width="3" height="15" rx="1" fill="var(--series-blue)" />
      <rect x="8.5" y="0" width="3" height="20" rx="1" fill="var(--series-teal)" />
      <rect x="12.75" y="7" width="3" height="13" rx="1" fill="var(--series-orange)" />
      <rect x="17" y="13" width="3" height="7" rx="1" fill="var(--series-red)" />
    </svg>
  );
}
