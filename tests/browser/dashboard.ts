/** A server, a browser and a page for the tests of the dashboard. */
import assert from "node:assert/strict";
import axe from "axe-core";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { type RunningServer, startServer } from "../../server/start.ts";
import { freePort } from "../support/spectra.ts";
import { type SimulatedHost, type SimulatedHostOptions, simulateHost } from "./simulated_host.ts";

const chromiumArguments = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** What a test works with. */
export interface Dashboard {
  readonly url: string;
  /** The server; another object after {@linkcode Dashboard.restart}. */
  server(): RunningServer;
  /** Ends the server. */
  stop(): Promise<void>;
  /** Starts it again at the same address, with the same data. */
  restart(): Promise<void>;
  adminToken(): Promise<string>;
  addHost(options: SimulatedHostOptions): Promise<SimulatedHost>;
  /** A page of its own browser profile. */
  newPage(options?: BrowserContextOptions): Promise<Page>;
  /** The same, signed in by the link that the server prints. */
  signedIn(options?: BrowserContextOptions): Promise<Page>;
}

/**
 * Runs a test with a server and a browser. It fails when any page threw, was refused something by its content security
 * policy, or ran text of a host as code.
 */
export async function withDashboard(
  chromiumPath: string,
  test: (dashboard: Dashboard) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "spectra-browser-" });
  const options = {
    listen: { hostname: "127.0.0.1", port: freePort() },
    dataDirectory: folder,
    tokenDirectory: folder,
    allowAnonymousAgents: false,
  };
  let server: RunningServer | undefined = await startServer(options);
  const url = server.url;
  let browser: Browser | undefined;
  const faults: string[] = [];
  const pages: Page[] = [];
  const running = () => {
    assert.ok(server, "the server is stopped");
    return server;
  };
  const dashboard: Dashboard = {
    url,
    server: running,
    async stop() {
      await running().close();
      server = undefined;
    },
    async restart() {
      server = await startServer(options);
    },
    adminToken: async () => (await Deno.readTextFile(running().adminTokenPath)).trim(),
    async addHost(hostOptions) {
      const token = (await Deno.readTextFile(running().enrollmentTokenPath)).trim();
      return await simulateHost(url, token, hostOptions);
    },
    async newPage(contextOptions = {}) {
      assert.ok(browser);
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...contextOptions });
      const page = await context.newPage();
      page.setDefaultTimeout(15_000);
      page.on("pageerror", (error) => faults.push(`thrown: ${error.message}`));
      page.on("console", (message) => {
        if (/Content.Security.Policy/i.test(message.text())) faults.push(message.text());
      });
      pages.push(page);
      return page;
    },
    async signedIn(contextOptions) {
      const page = await dashboard.newPage(contextOptions);
      await page.goto(running().loginUrl());
      await page.getByRole("heading", { level: 1, name: "Hosts" }).waitFor();
      return page;
    },
  };
  try {
    browser = await chromium.launch({ executablePath: chromiumPath, args: chromiumArguments });
    await test(dashboard);
    for (const page of pages) {
      assert.equal(await page.evaluate(() => "hacked" in globalThis), false, "text of a host ran as code");
    }
    assert.deepEqual(faults, []);
  } finally {
    await browser?.close();
    await server?.close();
    await Deno.remove(folder, { recursive: true });
  }
}

/** Fails when axe finds something serious or critical on the page as it is now. */
export async function assertAccessible(page: Page, what: string): Promise<void> {
  const violations = await page.evaluate(`(() => {
    ${axe.source}
    return axe.run({ resultTypes: ["violations"] }).then(({ violations }) =>
      violations.filter(({ impact }) => impact === "serious" || impact === "critical")
        .map(({ id, nodes }) => id + ": " + nodes.map(({ html, failureSummary }) => html + " " + failureSummary).join("; ")));
  })()`);
  assert.deepEqual(violations, [], what);
}

/** Fails when the page is wider than the screen. */
export async function assertFitsWidth(page: Page, what: string): Promise<void> {
  const [content, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(
    (content ?? Infinity) <= (screen ?? 0),
    `${what} is ${content} pixels wide on a screen of ${screen}`,
  );
}
