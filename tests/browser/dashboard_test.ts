/** The dashboard in a real browser, against a real server, with hosts that report over HTTP. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { componentTest, findExecutable } from "../support/component.ts";
import { waitFor } from "../support/wait.ts";
import { assertAccessible, assertFitsWidth, type Dashboard, withDashboard } from "./dashboard.ts";
import { hostileName, type SimulatedHost } from "./simulated_host.ts";

const chromiumPath = findExecutable("chromium", "chromium-browser", "google-chrome", "chrome.exe");
const phone = { viewport: { width: 360, height: 740 } };

function browserTest(name: string, test: (dashboard: Dashboard) => Promise<void>): void {
  componentTest("chromium", chromiumPath, `dashboard ${name}`, (path) => withDashboard(path, test));
}

/** Ten minutes of history with two minutes of silence in it. */
async function reportHistory(host: SimulatedHost): Promise<void> {
  const now = Date.now();
  const times = Array.from({ length: 60 }, (_, index) => now - (60 - index) * 10_000);
  await host.report(...times.filter((time) => time < now - 400_000 || time > now - 280_000), now);
}

const bodyText = (page: Page) => page.locator("body").innerText();

function legendValue(page: Page, chart: string, label: string): Promise<string> {
  return page.getByRole("region", { name: chart, exact: true }).locator("li", { hasText: label }).locator(
    ".number",
  )
    .innerText();
}

browserTest("signs in by the printed link once, and takes the code out of the address", async (dashboard) => {
  const link = dashboard.server().loginUrl();
  const page = await dashboard.newPage();
  await page.goto(link);
  await page.getByText("No host has reported yet").waitFor();
  assert.equal(page.url(), `${dashboard.url}/`);
  assert.match(
    await bodyText(page),
    new RegExp(`spectra agent --server ${dashboard.url} --data DIR --token-file FILE`),
  );
  await assertAccessible(page, "the empty list");

  const second = await dashboard.newPage();
  await second.goto(link);
  await second.getByText("was used before or has expired").waitFor();
  assert.equal(second.url(), `${dashboard.url}/`);
  await assertAccessible(second, "the sign-in page");
});

browserTest(
  "signs in with the admin token, out, and says what is wrong with another one",
  async (dashboard) => {
    const page = await dashboard.newPage(phone);
    await page.goto(`${dashboard.url}/`);
    await page.getByLabel("Admin token").fill("wrong");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("This is not the admin token of this server.").waitFor();
    await assertFitsWidth(page, "the sign-in page");
    await page.getByLabel("Admin token").fill(await dashboard.adminToken());
    await page.keyboard.press("Enter");
    await page.getByText("No host has reported yet").waitFor();
    await assertFitsWidth(page, "the empty list");
    await page.reload();
    await page.getByText("No host has reported yet").waitFor();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByText("You have signed out.").waitFor();
  },
);

browserTest(
  "shows a host as it arrives, sorts and filters by keyboard, opens it by Enter",
  async (dashboard) => {
    const page = await dashboard.signedIn();
    await page.getByText("No host has reported yet").waitFor();
    const busy = await dashboard.addHost({ hostname: "busy", cores: 4, load: 0.9 });
    const calm = await dashboard.addHost({ hostname: "calm", cores: 2, load: 0.1 });
    const hostile = await dashboard.addHost({
      hostname: hostileName.slice(0, 200),
      cores: 1,
      load: 0,
      troubled: true,
    });
    for (const host of [busy, calm, hostile]) await host.report(Date.now() - 5000, Date.now());
    const names = () => page.locator(".host-link").allInnerTexts();
    await waitFor("all hosts are shown", async () => (await names()).length === 3);
    await page.getByText("3 online").waitFor();

    await page.getByRole("columnheader", { name: "Memory" }).getByRole("button").focus();
    await page.keyboard.press("Enter");
    assert.deepEqual((await names()).map((name) => name.slice(0, 4)), ["busy", "calm", "<img"]);
    assert.equal(
      await page.getByRole("columnheader", { name: "Memory" }).getAttribute("aria-sort"),
      "descending",
    );
    await page.keyboard.press("Space");
    assert.deepEqual((await names()).map((name) => name.slice(0, 4)), ["<img", "calm", "busy"]);
    await assertAccessible(page, "the list");
    const size = page.viewportSize() ?? { width: 1280, height: 720 };
    for (const width of [821, 1000, 1001, 1200, 1320, 1321, 1440]) {
      await page.setViewportSize({ width, height: size.height });
      // Columns that the window is too narrow for are left out, none is crushed under what it holds.
      const crushed = await page.locator(".host-table th button, .cell-cpu, .cell-memory").evaluateAll((
        cells,
      ) => cells.filter((cell) => cell.scrollWidth > cell.clientWidth + 1).map((cell) => cell.textContent));
      assert.deepEqual(crushed, [], `at ${width} px`);
    }
    await page.setViewportSize(size);

    await page.getByLabel("Filter hosts").fill("nothing like this");
    await page.getByText("No host matches the filter").waitFor();
    await page.getByLabel("Filter hosts").fill("debian CALM");
    await waitFor("the filter holds", async () => (await names()).join() === "calm");
    await page.getByRole("link", { name: "calm" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "calm" }).waitFor();
    assert.equal(new URL(page.url()).pathname, `/hosts/${calm.agentId}`);
    await page.goBack();
    await waitFor("the list is back, still filtered", async () => (await names()).join() === "calm");
  },
);

browserTest("shows a host with its history, its troubles and live values", async (dashboard) => {
  const host = await dashboard.addHost({ hostname: "db-01", cores: 64, load: 0.6, troubled: true });
  await reportHistory(host);
  const page = await dashboard.signedIn();
  await page.getByRole("link", { name: "db-01" }).click();
  await page.getByRole("heading", { name: "CPU by core" }).waitFor();
  assert.equal(await page.title(), "db-01 · Spectra");
  const text = await bodyText(page);
  for (
    const expected of [
      "AMD EPYC 7543P × 64",
      "6.1.0-28-amd64 x86_64",
      "256 GiB",
      "has not answered for 5 min 12 s",
      "read-only",
      "Failed",
      "Cannot read /proc/diskstats: line 3",
      "Not on this host",
      "no sensors below /sys/class/hwmon",
      "dm-0 (vg0-postgresql)",
      "10 Gbit/s",
      "down",
      "Time wait",
    ]
  ) assert.ok(text.replaceAll("\u00a0", " ").includes(expected), `"${expected}" is missing in:\n${text}`);
  for (
    const chart of [
      "CPU by mode",
      "CPU by core",
      "Memory",
      "Load average",
      "Pressure",
      "Swap",
      "Throughput",
      "Traffic",
    ]
  ) {
    await page.getByRole("region", { name: chart, exact: true }).locator("canvas").waitFor();
  }

  const before = await waitFor("the load is read", async () => {
    const value = await legendValue(page, "Load average", "15 min");
    return value === "19.20" && await legendValue(page, "Load average", "1 min");
  });
  const seen = new Set([before]);
  await waitFor("the load moves with what is reported", async () => {
    await host.report(Date.now());
    seen.add(await legendValue(page, "Load average", "1 min"));
    return seen.size > 2;
  });

  for (const span of ["5 min", "1 h"]) {
    await page.getByRole("button", { name: span, exact: true }).click();
    assert.equal(
      await page.getByRole("button", { name: span, exact: true }).getAttribute("aria-pressed"),
      "true",
    );
  }
  await page.getByRole("combobox", { name: "Device" }).selectOption("nvme0n1");
  await page.getByRole("combobox", { name: "Interface" }).selectOption("lo");
  const plot = page.getByRole("region", { name: "Memory", exact: true }).locator(".plot");
  await plot.hover();
  await waitFor(
    "the time under the cursor is shown",
    async () =>
      /^\d\d:\d\d:\d\d$/.test(
        await page.getByRole("region", { name: "Memory", exact: true }).locator(".chart-time").innerText(),
      ),
  );
  await assertAccessible(page, "the host page");
});

browserTest(
  "shows what else a host reports, problems first, and nothing of what it does not",
  async (dashboard) => {
    const host = await dashboard.addHost({ hostname: "db-01", cores: 8, load: 0.4, inventory: true });
    const bare = await dashboard.addHost({ hostname: "bare", cores: 2, load: 0.1 });
    await reportHistory(host);
    await reportHistory(bare);
    const page = await dashboard.signedIn();
    await page.getByRole("link", { name: "db-01" }).click();
    const table = (name: string) => page.getByRole("region", { name, exact: true });
    const firstCells = async (name: string) =>
      (await table(name).locator("tbody th").allInnerTexts()).map((text) => text.slice(0, 12));
    await table("Processes").waitFor();

    const text = (await bodyText(page)).replaceAll("\u00a0", " ");
    for (
      const expected of [
        "214 processes, 731 threads: 3 running, 1 ended and not cleared away, 206 sleeping, 4 hidden from the agent",
        "1 failed, 22 running, 1 exited",
        "failed, exit-code",
        "1 failing, 2 OK",
        "failing, 4 times in a row",
        "sdb1: faulty",
        "recover 42 %, 180 MiB/s, done in 2 h 5 min",
        "24 sectors wait to be read again or replaced.",
        "2, 1 of them for security",
        "required by 6.1.0-30-amd64, linux-image-amd64",
        "not synchronised",
        "2 against the rules, 3 listening",
        "must listen and does not",
        "Log app.log: Permission denied: add the agent to group adm.",
        "Brute force",
        "too high",
        "too low",
        "broken or not connected",
        "-61 dBm",
        "45.2 W",
        "alice",
      ]
    ) assert.ok(text.includes(expected), `"${expected}" is missing in:\n${text}`);
    await page.getByRole("region", { name: "Temperature", exact: true }).locator("canvas").waitFor();
    assert.deepEqual((await firstCells("Services")).slice(0, 2), ["backup.servi", "postgresql@1"]);
    assert.deepEqual(await firstCells("RAID and pools"), ["md0", "tank"]);
    assert.deepEqual((await firstCells("Drives"))[0], "sdb");
    assert.deepEqual((await firstCells("Checks"))[0], "mail");
    assert.deepEqual((await firstCells("Listening ports")).slice(0, 3), ["443/tcp", "6379/tcp", "22/tcp"]);
    assert.deepEqual((await firstCells("Control groups"))[0], "postgresql@1");
    await waitFor(
      "rates of processes are shown",
      async () => /KiB\/s/.test(await table("Processes").locator("tbody tr").first().innerText()),
    );

    assert.equal((await firstCells("Processes"))[0], "busy-worker");
    await table("Processes").getByRole("button", { name: "Memory" }).focus();
    await page.keyboard.press("Enter");
    assert.equal((await firstCells("Processes"))[0], "large-cache");
    assert.equal(
      await table("Processes").getByRole("columnheader", { name: "Memory" }).getAttribute("aria-sort"),
      "descending",
    );
    await table("Processes").getByRole("button", { name: "Show 10 more" }).click();
    assert.equal((await firstCells("Processes")).length, 25);

    await page.getByLabel("Filter services").fill("worker@7");
    assert.deepEqual(await firstCells("Services"), ["worker@7.ser"]);
    await page.getByLabel("Filter services").fill("no such service");
    await page.getByText("Nothing matches the filter.").waitFor();

    assert.equal(await table("Applications").count(), 0);
    await page.getByRole("button", { name: "Show 121 installed applications" }).click();
    await page.getByLabel("Filter applications").fill("flatpak");
    assert.deepEqual(await firstCells("Applications"), ["<img src=x o"]);
    await page.getByRole("button", { name: "Show 2 pending updates" }).click();
    assert.deepEqual(await firstCells("Pending updates"), ["openssl", "tzdata"]);
    await assertAccessible(page, "the host page with everything");

    await page.getByRole("link", { name: "Hosts" }).first().click();
    await page.getByRole("link", { name: "bare" }).click();
    await page.getByRole("heading", { name: "Storage", exact: true }).waitFor();
    for (const absent of ["Services", "Sensors and power", "Software", "Logins and events"]) {
      assert.equal(await page.getByRole("heading", { name: absent, exact: true }).count(), 0, absent);
    }
    assert.equal(await table("Processes").count(), 0);
  },
);

browserTest(
  "says when the live connection is lost, and goes on by itself when the server is back",
  async (dashboard) => {
    const host = await dashboard.addHost({ hostname: "web-01", cores: 2, load: 0.5 });
    await reportHistory(host);
    const page = await dashboard.signedIn();
    await page.getByRole("link", { name: "web-01" }).click();
    await page.getByRole("heading", { name: "Memory", exact: true }).waitFor();
    const banner = page.getByText("Live connection lost, retrying…");
    assert.equal(await banner.count(), 0);
    await dashboard.stop();
    await banner.waitFor();
    assert.match(await bodyText(page), /Showing values from \d\d:\d\d:\d\d/);
    await dashboard.restart();
    await banner.waitFor({ state: "detached", timeout: 30_000 });
    const before = await legendValue(page, "Load average", "1 min");
    await waitFor("live values arrive again", async () => {
      await host.report(Date.now());
      return await legendValue(page, "Load average", "1 min") !== before;
    });
  },
);

browserTest("names a host that does not exist and an end of the session", async (dashboard) => {
  const page = await dashboard.signedIn();
  await page.goto(`${dashboard.url}/hosts/no-such-host`);
  await page.getByText("There is no such host").waitFor();
  await waitFor("the feed of all hosts lives", async () => (await bodyText(page)).includes("Live"));
  await page.getByRole("link", { name: "All hosts" }).last().click();
  await page.getByText("No host has reported yet").waitFor();
  await page.context().clearCookies();
  await page.reload();
  await page.getByLabel("Admin token").waitFor();
});

browserTest("is usable in the dark and on a phone, and remembers the theme", async (dashboard) => {
  const host = await dashboard.addHost({
    hostname: "db-01",
    cores: 64,
    load: 0.6,
    troubled: true,
    inventory: true,
  });
  await reportHistory(host);
  const page = await dashboard.signedIn({ ...phone, colorScheme: "dark" });
  await page.getByRole("link", { name: "db-01" }).waitFor();
  await assertFitsWidth(page, "the list");
  await assertAccessible(page, "the list in the dark on a phone");
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const dark = await ground();
  await page.getByRole("button", { name: "Light" }).click();
  assert.notEqual(await ground(), dark);
  await page.reload();
  await page.getByRole("link", { name: "db-01" }).waitFor();
  assert.notEqual(await ground(), dark);
  await page.getByRole("button", { name: "Dark" }).click();
  assert.equal(await ground(), dark);
  await page.getByRole("link", { name: "db-01" }).click();
  await page.getByRole("heading", { name: "CPU by core" }).waitFor();
  await assertFitsWidth(page, "the host page");
  await assertAccessible(page, "the host page in the dark on a phone");
});
