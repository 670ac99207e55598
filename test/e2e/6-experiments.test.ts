import assert from "node:assert/strict";
import { until } from "../support/until.ts";
import { seriousFindings } from "./support/axe.ts";
import { inspect, lookAt, openLens } from "./support/inspector.ts";
import { computeTicks, killCompute } from "../support/processes.ts";
import { session, shot } from "./support/session.ts";
import { setTheme, themes } from "./support/themes.ts";
import { closeEditors } from "./support/workbench.ts";
import type { Frame } from "playwright-core";

const long = { timeout: 90_000 };

describe("experiments", () => {
  let frame: Frame;
  const tab = (name: string): Promise<void> =>
    frame.getByRole("tab", { name, exact: true }).click();
  const maximize = () => frame.locator("convlens-maximize");
  /** A run that is long enough to be interrupted. */
  const startLongRun = async (): Promise<void> => {
    await tab("Maximize");
    await maximize().getByRole("radio", { name: "Robust" }).click();
    await maximize().getByRole("button", { name: "Maximise", exact: true }).click();
    await maximize()
      .getByText(/step \d+ of 512/)
      .waitFor(long);
  };

  before(async () => {
    const { page } = await session();
    await closeEditors(page);
    frame = await inspect(page, "efficientnet-lite0.h5");
    await lookAt(page, "chelsea.png");
    await openLens(frame, "Grad-CAM");
  });

  it("maximises filters, and says what they reach beside the picture at hand", async () => {
    const { page } = await session();
    await tab("Maximize");
    await maximize().getByRole("textbox", { name: "Filters" }).fill("0-2");
    await maximize().getByRole("button", { name: "Maximise", exact: true }).click();
    await frame.getByText("On the picture at hand").waitFor(long);
    await shot(page, "8-maximize");
  });

  it("maximises a difference of filters, from the controls that are folded away", async () => {
    const { page } = await session();
    await tab("Maximize");
    await maximize().locator("summary").click();
    await maximize()
      .getByRole("textbox", { name: "Objective" })
      .fill("stem_conv:1 - 0.5*stem_conv:9");
    await maximize().getByRole("button", { name: "Maximise the objective" }).click();
    await frame
      .locator("convlens-maximize-details")
      .getByText("on the 8-bit picture")
      .waitFor(long);
    await shot(page, "8-maximize-objective");
    await maximize().getByRole("textbox", { name: "Objective" }).fill("stem_convolution:1");
    await maximize().getByRole("button", { name: "Maximise the objective" }).click();
    const alert = maximize().getByRole("alert").first();
    await alert.waitFor(long);
    assert.match(await alert.innerText(), /no layer 'stem_convolution'.*nearest are.* stem_conv/s);
  });

  it("tries the pixels that matter most, and calls it a preview", async () => {
    const { page } = await session();
    await tab("Attack");
    const attack = frame.locator("convlens-attack");
    await attack.getByRole("radio", { name: "Preview" }).click();
    await attack.getByRole("button", { name: "Attack", exact: true }).click();
    await attack.getByText("A preview, not a proof").waitFor(long);
    await attack.getByText(/evaluations,\s.*a second/s).waitFor(long);
    await shot(page, "8-attack");
    // thousands of passes of this network take minutes on a small machine
    await attack.getByRole("button", { name: "Cancel", exact: true }).click();
    await attack.getByText("when it was cancelled").waitFor(long);
  });

  for (const theme of themes)
    for (const name of ["Maximize", "Attack"])
      it(`axe-core finds nothing serious: ${name}, ${theme.name}`, async () => {
        const { page } = await session();
        await setTheme(page, frame, theme);
        await tab(name);
        await shot(page, `8-${name}-${theme.name}`.toLowerCase().replaceAll(" ", "-"));
        assert.deepEqual(await seriousFindings(frame), []);
      });

  it("counts dead filters over a folder", async () => {
    const { page } = await session();
    await openLens(frame, "Model");
    await frame.getByRole("button", { name: /Count dead filters/ }).click();
    // the dialog begins in the picture's folder: three pictures, and those of the digits and the shapes below
    await page.getByRole("button", { name: "Count over This Folder" }).click();
    await frame.getByText(/Over N = 31 pictures/).waitFor(long);
    await shot(page, "8-census");
    await tab("Filters");
    await frame.getByRole("heading", { name: "Influence on classes" }).waitFor(long);
    await shot(page, "8-passport");
    assert.deepEqual(await seriousFindings(frame), []);
  });

  it("loses one run, and says so, when the compute process is killed in it", async () => {
    const { page, workbench } = await session();
    await startLongRun();
    assert.equal(killCompute(workbench.pid), 1);
    const alert = maximize().getByRole("alert").first();
    await alert.waitFor(long);
    assert.match(await alert.innerText(), /compute process stopped during 'maximize'/);
    await shot(page, "8-killed");
    await maximize().getByRole("button", { name: "Resume" }).click();
    await maximize()
      .getByText(/step \d+ of 512/)
      .waitFor(long);
    await maximize().getByRole("button", { name: "Cancel", exact: true }).click();
    await openLens(frame, "Filters");
  });

  it("stops the work when the panel is closed", async () => {
    const { page, workbench } = await session();
    await startLongRun();
    await closeEditors(page);
    if (computeTicks(workbench.pid) === null) return; // only where /proc tells
    // far less than the run of 512 steps would take; a run keeps a core busy: 200 ticks in two seconds
    await until("the work to stop", async () => {
      const before = computeTicks(workbench.pid) ?? 0;
      await page.waitForTimeout(2000);
      return (computeTicks(workbench.pid) ?? 0) - before < 60;
    });
  });
});
