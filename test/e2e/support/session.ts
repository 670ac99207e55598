/** One workbench and one page, shared by all suites of a run; closed after the last. */
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Page } from "playwright-core";
import { openBrowser } from "../../../scripts/lib/chromium.mjs";
import { root } from "../../../scripts/lib/places.mjs";
import { startWorkbench } from "../../../scripts/lib/workbench.mjs";
import { writeBadFiles } from "./bad-files.ts";
import { watchConsole } from "./console.ts";
import { ready } from "./workbench.ts";

type Workbench = Awaited<ReturnType<typeof startWorkbench>>;

export interface Session {
  readonly page: Page;
  readonly workbench: Workbench;
  /** A copy of samples/, with bad/ beside: what a test writes is not in the repository. */
  readonly workspace: string;
  /** Errors of the page's console that are not known to be the workbench's own. */
  readonly consoleErrors: readonly string[];
  /** The packaged extension is installed, rather than under development. */
  readonly packaged: boolean;
}

let opening: Promise<Session> | undefined;
const closers: (() => Promise<void> | void)[] = [];

async function open(): Promise<Session> {
  const folder = mkdtempSync(path.join(tmpdir(), "convlens-e2e-"));
  closers.push(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  const workspace = path.join(folder, "samples");
  cpSync(path.join(root, "samples"), workspace, { recursive: true });
  writeBadFiles(path.join(workspace, "bad"));

  const vsix = process.env["CONVLENS_E2E_VSIX"];
  const workbench = await startWorkbench({
    ...(vsix === undefined ? {} : { vsix }),
    changes: {
      "workbench.colorTheme": process.env["CONVLENS_E2E_THEME"] ?? "Dark Modern",
      // A webview that is loading takes the focus, which would close the palette under our hands.
      "workbench.quickOpen.closeOnFocusLost": false,
    },
  });
  closers.push(() => workbench.close());
  const browser = await openBrowser();
  closers.push(() => browser.close());
  // where the system's language is POSIX, Chromium's own name for it is one that Intl refuses
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: "en-US" });
  const consoleErrors = watchConsole(page);
  await page.goto(workbench.page(workspace, vsix === undefined ? { dev: root } : {}));
  await ready(page);
  return { page, workbench, workspace, consoleErrors, packaged: vsix !== undefined };
}

/** The session, started by whoever asks first. */
export const session = (): Promise<Session> => (opening ??= open());

/** A workbench of its own on `folder`, in the session's browser: for who needs other settings, or none of what was done before. */
export async function ownWindow(
  folder: string,
  options: Parameters<typeof startWorkbench>[0] = {},
): Promise<{ readonly page: Page; readonly close: () => Promise<void> }> {
  const own = await session();
  const browser = own.page.context().browser();
  if (!browser) throw new Error("the session has no browser");
  const vsix = process.env["CONVLENS_E2E_VSIX"];
  const workbench = await startWorkbench({ ...(vsix === undefined ? {} : { vsix }), ...options });
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: "en-US" });
  await page.goto(workbench.page(folder, vsix === undefined ? { dev: root } : {}));
  const close = async (): Promise<void> => {
    await page.close();
    await workbench.close();
  };
  return { page, close };
}

/** Ends what was started. */
async function closeSession(): Promise<void> {
  for (const close of closers.splice(0).reverse()) await close();
}

/** Keeps a screenshot in the folder E2E_SHOTS where it is set. */
export async function shot(page: Page, name: string): Promise<void> {
  const folder = process.env["E2E_SHOTS"];
  if (folder === undefined || folder === "") return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: path.join(folder, `${name}.png`) });
}

// Loaded while mocha reads the suites, so this belongs to the whole run.
after(closeSession);
afterEach(async function () {
  if (this.currentTest?.state !== "failed") return;
  const { page } = await session();
  await shot(page, `failed-${this.currentTest.title.replaceAll(/\W+/g, "-")}`);
});
