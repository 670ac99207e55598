import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { until } from "../support/until.ts";
import { inspect } from "./support/inspector.ts";
import { ownWindow, session, shot } from "./support/session.ts";
import { painted } from "./support/webview.ts";
import { explorerRow, ready } from "./support/workbench.ts";

const patient = { timeout: 60_000 };

describe("a workspace that is not trusted", () => {
  let page: Page;
  let close: () => Promise<void>;
  before(async () => {
    const { workspace } = await session();
    ({ page, close } = await ownWindow(workspace, {
      trust: true,
      changes: {
        "security.workspace.trust.enabled": true,
        "security.workspace.trust.startupPrompt": "never",
        "workbench.quickOpen.closeOnFocusLost": false,
      },
    }));
    await ready(page);
  });
  after(() => close());

  it("shows layers and filters", async () => {
    await explorerRow(page, "efficientnet-lite0.h5").waitFor(patient);
    const frame = await inspect(page, "efficientnet-lite0.h5");
    await frame.getByRole("tab", { name: "Filters", exact: true }).click();
    await painted(frame, "convlens-filters");
    await frame.getByRole("tab", { name: "Grad-CAM", exact: true }).click();
    await frame
      .getByText(/not trusted/)
      .first()
      .waitFor(patient);
    await shot(page, "16-trust");
  });

  it("does not offer what computes", async () => {
    const box = page.locator(".quick-input-widget input[type=text]").first();
    // a webview that is still loading swallows key presses
    await until("the palette", async () => {
      await page.keyboard.press("F1");
      return box.waitFor({ timeout: 2000 }).then(
        () => true,
        () => false,
      );
    });
    await box.fill(">ConvLens: ");
    const rows = page.locator(".quick-input-list .monaco-list-row .label-name");
    await rows.filter({ hasText: "ConvLens: Inspect Model" }).first().waitFor(patient);
    const offered = await rows.allInnerTexts();
    assert.deepEqual(
      offered.filter((title) => /Grad-CAM|Attack|Attribution|Maximize|Activations/.test(title)),
      [],
    );
    await page.keyboard.press("Escape");
  });
});
