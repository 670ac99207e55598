import assert from "node:assert/strict";
import { seriousFindings } from "./support/axe.ts";
import { inspect, lenses, lookAt, openLens, type LensName } from "./support/inspector.ts";
import { session, shot } from "./support/session.ts";
import { setTheme, themes } from "./support/themes.ts";
import { closeEditors } from "./support/workbench.ts";
import type { Frame } from "playwright-core";

describe("accessibility", () => {
  let frame: Frame;
  before(async () => {
    const { page } = await session();
    await closeEditors(page);
    frame = await inspect(page, "efficientnet-lite0.h5");
    await lookAt(page, "chelsea.png");
    await openLens(frame, "Grad-CAM");
  });

  for (const theme of themes)
    for (const lens of Object.keys(lenses) as LensName[])
      it(`axe-core finds nothing serious: ${lens}, ${theme.name}`, async () => {
        const { page } = await session();
        await setTheme(page, frame, theme);
        await openLens(frame, lens);
        await shot(page, `7-${lens}-${theme.name}`.toLowerCase().replaceAll(" ", "-"));
        assert.deepEqual(await seriousFindings(frame), []);
      });
});
