/** Chooses the page by the session and the address. */
import { useEffect, useErrorBoundary } from "preact/hooks";
import { ConnectionBanner } from "./components/banner.tsx";
import { Link } from "./components/link.tsx";
import { Message } from "./components/message.tsx";
import { TopBar } from "./components/top_bar.tsx";
import { HostPage } from "./pages/host_page.tsx";
import { HostsPage } from "./pages/hosts_page.tsx";
import { SignInPage } from "./pages/sign_in_page.tsx";
import { hosts } from "./state/hosts.ts";
import { openHost } from "./state/live.ts";
import { route } from "./state/route.ts";
import { session, startSession } from "./state/session.ts";

/** The dashboard. */
export function App() {
  const signedIn = session.value.status === "in";
  const [error] = useErrorBoundary((thrown) => reportError(thrown));
  return (
    <>
      <TopBar />
      <Title />
      {error === undefined ? <Page /> : <Failed error={error} />}
      {signedIn && <ConnectionBanner />}
      {session.value.status === "in" && <footer class="foot">Spectra {session.value.serverVersion}</footer>}
    </>
  );
}

function Page() {
  const state = session.value;
  if (state.status === "out") return <SignInPage notice={state.notice} />;
  if (state.status === "checking") return <Notice title="Looking whether you are signed in…" />;
  if (state.status === "unreachable") {
    return (
      <main class="page">
        <Message title="The server can't be reached" kind="problem">
          <p>{state.detail}</p>
          <p>
            <button type="button" class="main-button" onClick={() => startSession()}>Try again</button>
          </p>
        </Message>
      </main>
    );
  }
  if (route.value.page === "hosts") return <HostsPage />;
  if (route.value.page === "host" && openHost.value !== undefined) {
    return <HostPage key={openHost.value.agentId} view={openHost.value} />;
  }
  return (
    <main class="page">
      <Message title="There is no such page">
        <p>
          <Link path="/">All hosts</Link>
        </p>
      </Message>
    </main>
  );
}

/** A fault of ours must not leave a blank page. */
function Failed({ error }: { readonly error: unknown }) {
  return (
    <main class="page">
      <Message title="This page failed" kind="problem">
        <p>{String(error)}</p>
        <p>
          <button type="button" class="main-button" onClick={() => location.reload()}>Load it again</button>
        </p>
      </Message>
    </main>
  );
}

function Notice({ title }: { readonly title: string }) {
  return (
    <main class="page">
      <Message title={title} />
    </main>
  );
}

/** Keeps the tab's title in step with the page. */
function Title() {
  const agentId = route.value.page === "host" ? route.value.agentId : undefined;
  const hostname = agentId === undefined ? undefined : hosts.value?.get(agentId)?.hostname;
  useEffect(() => {
    document.title = hostname === undefined ? "Spectra" : `${hostname} · Spectra`;
  }, [hostname]);
  return null;
}
