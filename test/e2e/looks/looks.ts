/**
 * Every lens at the sizes and in the themes of the workbench, as pictures for a person to look at; no part of `npm test`.
 *
 *   E2E_SHOTS=FOLDER npx mocha test/e2e/looks/looks.ts --timeout 240000
 */
import assert from "node:assert/strict";
import { cpSync } from "node:fs";
import path from "node:path";
import type { Frame, Page } from "playwright-core";
import { inspect, lookAt } from "../support/inspector.ts";
import { session, shot } from "../support/session.ts";
import { setTheme, themes } from "../support/themes.ts";
import { closeEditors, explorerRow, palette } from "../support/workbench.ts";
import { misfits } from "./misfits.ts";

const SIZES = [
  { name: "1600x1000", width: 1600, height: 1000, beside: false },
  { name: "1280x720", width: 1280, height: 720, beside: false },
  // what 1280 x 800 leaves at 150 %
  { name: "zoom-150", width: 853, height: 533, beside: false },
  { name: "520-beside-code", width: 1400, height: 900, beside: true },
] as const;
/** Long enough for what a lens computes by itself. */
const SETTLED_MS = Number(process.env["CONVLENS_LOOKS_MS"] ?? 2500);

describe("looks", () => {
  let page: Page;
  let frame: Frame;

  before(async () => {
    const own = await session();
    ({ page } = own);
    cpSync(
      path.join(own.workspace, "efficientnet-lite0.h5"),
      path.join(own.workspace, "looked.h5"),
    );
    await explorerRow(page, "looked.h5").waitFor();
    await page.setViewportSize({ width: 1600, height: 1000 });
    frame = await inspect(page, "looked.h5");
    await lookAt(page, "chelsea.png");
  });
  after(() => closeEditors(page));

  for (const size of SIZES)
    for (const theme of themes)
      it(`${size.name}, ${theme.name}`, async () => {
        await page.setViewportSize(size);
        await setTheme(page, frame, theme);
        const open = await frame.evaluate(() => innerWidth);
        if (size.beside && open > 700) {
          await page.setViewportSize({ width: 1400, height: 900 });
          await palette(page, "View: Split Editor");
          await page.waitForTimeout(1500);
        }
        const found: string[] = [];
        const tabs = await frame.getByRole("tab").allInnerTexts();
        for (const [i, lens] of tabs.entries()) {
          await frame.getByRole("tab").nth(i).click();
          await page.waitForTimeout(SETTLED_MS);
          const name = `${size.name}-${theme.name}-${String(i).padStart(2, "0")}-${lens.trim()}`;
          await shot(page, name.toLowerCase().replaceAll(" ", "-"));
          found.push(...(await misfits(frame)).map((text) => `${lens.trim()}: ${text}`));
        }
        assert.deepEqual(found, []);
      });
});
