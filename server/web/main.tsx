/** The dashboard's start in the browser. */
import { render } from "preact";
import { App } from "./app.tsx";
import { followServer } from "./state/live.ts";
import { followAddress } from "./state/route.ts";
import { startClock } from "./state/server_clock.ts";
import { startSession, takeCodeFromAddress } from "./state/session.ts";
import { followTheme } from "./state/theme.ts";

followTheme();
followAddress();
startClock();
followServer();
const place = document.getElementById("app");
if (place === null) throw new Error("index.html has no element #app");
place.replaceChildren();
render(<App />, place);
startSession(takeCodeFromAddress());
