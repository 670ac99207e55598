import assert from "node:assert/strict";
import type { Frame, Page } from "playwright-core";
import { inspector, lenses, type LensName } from "./support/inspector.ts";
import { bundle, manifest, textsOf, tooWide, windowIn } from "./support/language.ts";
import { shot } from "./support/session.ts";
import { painted } from "./support/webview.ts";
import { contextMenu, explorerRow, palette } from "./support/workbench.ts";

for (const language of ["de", "zh-cn"])
  describe(`the extension in ${language}`, () => {
    const words = bundle(language);
    const own = (english: string): string => words[english] ?? english;
    const title = (key: string): string => manifest(language)[key] ?? "";
    let page: Page;
    let frame: Frame;

    before(async () => {
      page = await windowIn(language);
      await contextMenu(page, explorerRow(page, "efficientnet-lite0.h5"), title("command.inspect"));
      frame = await inspector(page);
    });
    after(() => page.close());

    const open = async (lens: LensName): Promise<void> => {
      const tab = frame.getByRole("tab", { name: own(lens), exact: true });
      const since = (await tab.getAttribute("aria-selected")) === "true" ? 0 : Date.now() - 1;
      await tab.click();
      if (lens === "Training") await frame.getByText(own("No training to follow")).waitFor();
      else await painted(frame, lenses[lens], since);
    };
    /** Texts that stand there in English although they have a translation. */
    const english = async (): Promise<string[]> =>
      (await textsOf(frame)).filter((text) => own(text) !== text);

    it("has its panel in that language, before a picture is chosen", async () => {
      assert.equal(await frame.evaluate(() => document.documentElement.lang), language);
      await open("Filters");
      assert.deepEqual(await english(), []);
      await frame.getByRole("tab", { name: own("Activations"), exact: true }).click();
      await frame.getByText(own("What does the network see?")).waitFor();
      await shot(page, `14-${language}-empty`);
    });

    for (const lens of Object.keys(lenses) as LensName[])
      it(`leaves nothing in English: ${lens}`, async () => {
        if (lens === "Model")
          await contextMenu(
            page,
            explorerRow(page, "chelsea.png"),
            title("command.openWithPicture"),
          );
        await open(lens);
        assert.deepEqual(await english(), []);
        assert.deepEqual(await tooWide(frame), []);
        await shot(page, `14-${language}-${lens}`.toLowerCase());
      });

    it("fits into a narrow panel", async () => {
      await page.setViewportSize({ width: 980, height: 900 });
      // the list folds by itself, lies over the lens when it is asked for, and goes when that is clicked
      await open("Filters");
      const list = frame.locator("convlens-layers");
      await list.waitFor({ state: "hidden" });
      await frame.getByRole("button", { name: own("Layers"), exact: true }).click();
      await list.waitFor();
      await frame.getByRole("tabpanel").click({ position: { x: 420, y: 300 } });
      await list.waitFor({ state: "hidden" });
      for (const lens of ["Filters", "Grad-CAM", "Attribution"] as const) {
        await open(lens);
        assert.deepEqual(await tooWide(frame), [], lens);
        await shot(page, `14-${language}-narrow-${lens}`.toLowerCase());
      }
    });

    it("has its commands and their questions in that language", async () => {
      await palette(page, `ConvLens: ${title("command.maximize")}`);
      await page.getByText(own("From early to deep")).first().waitFor();
      await shot(page, `14-${language}-command`);
      await page.keyboard.press("Escape");
    });
  });
