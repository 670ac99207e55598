import assert from "node:assert/strict";
import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import { openBrowser } from "../../scripts/lib/chromium.mjs";
import { root } from "../../scripts/lib/places.mjs";
import type { Asked, Comparison } from "./support/painters-page.ts";

interface InPage {
  compare: (asked: Asked) => Comparison;
  refusesWhenLost: () => boolean;
}

describe("tiles drawn by WebGL 2", () => {
  let browser: Browser;
  let page: Page;
  before(async () => {
    const { outputFiles } = await build({
      absWorkingDir: root,
      entryPoints: ["test/e2e/support/painters-page.ts"],
      tsconfig: "webview/tsconfig.json",
      bundle: true,
      write: false,
      target: "es2022",
    });
    browser = await openBrowser({ softwareWebGl: true });
    page = await browser.newPage();
    await page.addScriptTag({ content: outputFiles[0]?.text ?? "" });
  });
  after(() => browser.close());
  const compare = (asked: Asked): Promise<Comparison> =>
    page.evaluate((given) => (globalThis as unknown as InPage).compare(given), asked);

  it("are those of the 2-D canvas, value by value, when they are enlarged", async () => {
    for (const channels of [1, 3] as const) {
      const { largest, colours } = await compare({
        side: 7,
        shown: 28,
        channels,
        pages: 4,
        perPage: 16,
      });
      assert.ok(colours > 100);
      // the 2-D canvas rounds faint colours on its own
      assert.ok(largest <= 2, `${largest}`);
    }
  });

  it("are nearly the same when they are reduced, where both average", async () => {
    const asked = { side: 64, shown: 24, channels: 1, pages: 2, perPage: 16 } as const;
    const { largest, mean, colours } = await compare(asked);
    assert.ok(colours > 100);
    assert.ok(largest <= 24 && mean < 2, `${largest}, ${mean}`);
  });

  it("are right with more pages than an atlas holds", async () => {
    // 16 x 256 x 256 values a page: 1 MiB, 64 of them fit
    const asked = { side: 8, shown: 24, channels: 1, pages: 70, perPage: 4 } as const;
    const { largest, colours } = await compare(asked);
    assert.ok(colours > 100);
    assert.ok(largest <= 2, `${largest}`);
  });

  it("are left to the 2-D canvas when the browser takes the context away", async () => {
    assert.ok(await page.evaluate(() => (globalThis as unknown as InPage).refusesWhenLost()));
  });
});
