import assert from "node:assert/strict";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Page } from "playwright-core";
import { root } from "../../scripts/lib/places.mjs";
import { session, shot } from "./support/session.ts";
import { activity, explorerRow, openFolder } from "./support/workbench.ts";

const patient = { timeout: 40_000 };

/** A window of its own on a workspace of two folders: training code in one, its model in the other. */
async function twoFolders(): Promise<Page> {
  const { page, workbench, workspace, packaged } = await session();
  const [code, models] = ["code", "models"].map((name) => path.join(path.dirname(workspace), name));
  assert.ok(code !== undefined && models !== undefined);
  for (const folder of [code, models]) mkdirSync(path.join(folder, ".vscode"), { recursive: true });
  const digits = path.join(workspace, "digits");
  for (const name of ["digits.h5", "digits.h5.convlens.json"])
    cpSync(path.join(digits, name), path.join(models, name));
  const script = readFileSync(path.join(digits, "train_digits.py"), "utf8")
    .replace('HERE / "digits.h5"', '"digits.h5"')
    .replace("16.0, (32, 32)", "16.0, (28, 28)");
  writeFileSync(path.join(code, "train.py"), script);
  writeFileSync(path.join(models, "other.py"), script);
  writeFileSync(path.join(models, "digits.h5.convlens.json"), "{}");
  // a setting of one folder holds for its scripts alone
  const settings = JSON.stringify({ "convlens.code.diagnostics": true });
  writeFileSync(path.join(code, ".vscode", "settings.json"), settings);
  const file = path.join(path.dirname(workspace), "two.code-workspace");
  writeFileSync(file, JSON.stringify({ folders: [{ path: "code" }, { path: "models" }] }));
  const address = new URL(workbench.page(workspace, packaged ? {} : { dev: root }));
  address.searchParams.delete("folder");
  address.searchParams.set("workspace", file);
  const browser = page.context().browser();
  assert.ok(browser);
  const other = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await other.goto(address.href);
  return other;
}

describe("a workspace of several folders", () => {
  let page: Page;
  before(async () => {
    page = await twoFolders();
  });
  afterEach(() => shot(page, "15-folders"));
  after(() => page.close());

  it("links the code of one folder to the model of another", async () => {
    await activity(page, "ConvLens").waitFor(patient);
    const rows = page.locator(".explorer-folders-view .monaco-list-row");
    const folder = rows.filter({ hasText: "code" }).first();
    // on a busy machine the explorer of a new window can stay empty
    await folder.waitFor(patient).catch(() => page.reload());
    await folder.waitFor(patient);
    await openFolder(page, "code");
    await explorerRow(page, "train.py").dblclick(patient);
    const lens = page.locator(".codelens-decoration a, .codelens-decoration span");
    await lens
      .filter({ hasText: /^16 filters/ })
      .first()
      .waitFor(patient);
    await lens.filter({ hasText: "digits.h5" }).first().waitFor(patient);
  });

  it("takes the settings of a script from its own folder", async () => {
    await page.locator(".squiggly-warning").first().waitFor(patient);
    await openFolder(page, "models");
    await explorerRow(page, "other.py").dblclick(patient);
    const lens = page.locator(".editor-instance .codelens-decoration");
    await lens.filter({ hasText: "16 filters" }).first().waitFor(patient);
    await page.waitForTimeout(1500);
    assert.equal(await page.locator(".squiggly-warning").count(), 0);
  });
});
