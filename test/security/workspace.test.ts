import assert from "node:assert/strict";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Browser, Page } from "playwright-core";
import { openBrowser } from "../../scripts/lib/chromium.mjs";
import { root } from "../../scripts/lib/places.mjs";
import { startWorkbench } from "../../scripts/lib/workbench.mjs";
import { inspector } from "../e2e/support/inspector.ts";
import { painted } from "../e2e/support/webview.ts";
import {
  activity,
  closeEditors,
  contextMenu,
  explorerRow,
  palette,
  treeRow,
} from "../e2e/support/workbench.ts";
import { makeHostile, type Hostile } from "./hostile-workspace.ts";
import { filesIn, forgedLines, listeningServer, logIn } from "./traces.ts";
import { Watch } from "./watch.ts";

const patient = { timeout: 60_000 };

describe("a hostile workspace in a real workbench", function () {
  this.timeout(120_000);
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), "convlens-hostile-")));
  let listening: Awaited<ReturnType<typeof listeningServer>>;
  let hostile: Hostile;
  let made: Readonly<Record<string, Record<string, string>>>;
  let workbench: Awaited<ReturnType<typeof startWorkbench>>;
  let browser: Browser;
  let page: Page;
  let watch: Watch;

  before(async () => {
    listening = await listeningServer();
    const { port, requests } = listening;
    const address = `http://127.0.0.1:${port}`;
    hostile = makeHostile(folder, address);
    made = snapshot();
    const proxies = { HTTP_PROXY: address, HTTPS_PROXY: address, ALL_PROXY: address };
    workbench = await startWorkbench({
      trust: true,
      env: {
        ...{ ...proxies, CONVLENS_CACHE: path.join(folder, "cache") },
        NO_PROXY: "",
      },
      changes: {
        "security.workspace.trust.enabled": true,
        "security.workspace.trust.startupPrompt": "never",
        "workbench.quickOpen.closeOnFocusLost": false,
      },
    });
    watch = new Watch(workbench.pid, hostile.workspace, port);
    browser = await openBrowser();
    page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: "en-US" });
    page.on("request", (request) => {
      const { hostname, port: to } = new URL(request.url());
      if (to === String(port) || !/^(127\.0\.0\.1|.*\.vscode-cdn\.net|)$/.test(hostname))
        requests.push(request.url());
    });
    await page.goto(workbench.page(hostile.workspace, { dev: root }));
    await explorerRow(page, "train.py").waitFor(patient);
    await activity(page, "ConvLens").waitFor(patient);
  });
  after(async () => {
    watch.stop();
    await browser.close();
    await workbench.close();
    listening.server.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  const snapshot = (): typeof made => ({
    workspace: filesIn(hostile.workspace),
    outside: filesIn(hostile.outside),
    marks: filesIn(hostile.marks),
  });
  /** Nothing was asked for, run, written or forged. */
  function check(): void {
    assert.deepEqual(listening.requests, []);
    assert.deepEqual([...watch.wrong], []);
    assert.ok(watch.looks > 20 && watch.peaks.has("compute"), "the watcher saw no process of ours");
    assert.deepEqual(snapshot(), made);
    assert.deepEqual(forgedLines(logIn(path.join(workbench.profile, "data", "logs"))), []);
  }
  const shot = async (name: string): Promise<void> => {
    const shots = process.env["E2E_SHOTS"];
    if (shots) await page.screenshot({ path: path.join(shots, `security-${name}.png`) });
  };
  const inspect = (file: string): Promise<void> =>
    contextMenu(page, explorerRow(page, file), "Inspect Model");

  afterEach(async function () {
    if (this.currentTest?.state === "failed") await shot(`failed-${watch.looks}`);
  });

  it("that is not trusted: scripts, notebooks, models and sidecars are looked at", async () => {
    await explorerRow(page, "train.py").dblclick();
    const lens = page.locator(".codelens-decoration a, .codelens-decoration span");
    await lens
      .filter({ hasText: /6 filters/ })
      .first()
      .waitFor(patient);
    await page.locator(".view-line").filter({ hasText: "Conv2D" }).first().click();
    // the editor itself says of an address that it can be followed
    await page.keyboard.press("Home");
    await palette(page, "Show or Focus Hover");
    await page.locator(".monaco-hover img[src^='data:image/png']").first().waitFor(patient);
    const links = await page
      .locator(".monaco-hover a")
      .evaluateAll((all) => all.map((one) => one.getAttribute("data-href") ?? ""));
    assert.deepEqual(
      links.filter((link) => link !== "" && !link.startsWith("command:convlens.")),
      [],
    );
    await shot("hover");
    await page.keyboard.press("Escape");
    await explorerRow(page, "notes.ipynb").dblclick();
    await page.locator(".notebook-editor .view-line").first().waitFor(patient);
    await closeEditors(page);
    for (const [file, said] of [
      ["zero.keras", /\/dev\/zero/],
      ["pipe.keras", /labels\.pipe/],
      ["link.keras", /labels\.txt/],
    ] as const) {
      await inspect(file);
      const frame = await inspector(page);
      await frame.getByText(said).first().waitFor(patient);
      await closeEditors(page);
    }
    await inspect("names.keras");
    const frame = await inspector(page);
    await frame.getByRole("tab", { name: "Filters", exact: true }).click();
    await painted(frame, "convlens-filters");
    await shot("untrusted");
    check();
  });

  it("that is trusted then: pictures are seen, code is shown", async () => {
    await palette(page, "Workspaces: Manage Workspace Trust");
    await page
      .getByRole("button", { name: /^Trust$/ })
      .first()
      .click(patient);
    await page.locator(".workspace-trust-editor.trusted").first().waitFor(patient);
    await closeEditors(page);
    await inspect("names.keras");
    const frame = await inspector(page);
    await contextMenu(page, explorerRow(page, "cat.png"), "Look at");
    await painted(frame, "convlens-cam");
    await shot("trusted");
    await contextMenu(page, explorerRow(page, "huge.png"), "Look at");
    await frame
      .getByText(/huge\.png/)
      .first()
      .waitFor(patient);
    await contextMenu(page, explorerRow(page, "endless.png"), "Look at");
    await frame
      .getByText(/endless\.png/)
      .first()
      .waitFor(patient);
    await closeEditors(page);
    await inspect("lambda.keras");
    await inspector(page);
    await palette(page, "ConvLens: Show Code");
    await page
      .getByText(/can run Python code/)
      .first()
      .waitFor(patient);
    await shot("lambda");
    await activity(page, "ConvLens").click();
    await treeRow(page, "names.keras").hover(patient);
    check();
  });
});
