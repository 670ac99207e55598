/** The panel as a person uses it, in a real workbench: what each click costs until its picture is painted. */
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Frame, Page } from "playwright-core";
import { openBrowser } from "../../scripts/lib/chromium.mjs";
import { root } from "../../scripts/lib/places.mjs";
import { startWorkbench } from "../../scripts/lib/workbench.mjs";
import { inspect, lookAt, openLens } from "../../test/e2e/support/inspector.ts";
import { ready } from "../../test/e2e/support/workbench.ts";
import { clickToPaint, count, counted, forget, type Traffic } from "./traffic.ts";

export interface Clicks {
  readonly name: Name;
  /** Milliseconds from the first click of this kind to its picture. */
  readonly cold: number;
  /** The same for things not looked at before, the panel being warm. */
  readonly warm: readonly number[];
  /** Of the warm clicks, by the largest. */
  readonly traffic: readonly Traffic[];
}

const MODEL = "efficientnet-lite0.h5";
const part = (ending: string): readonly string[] =>
  [2, 3, 4, 5, 6].map((block) => `block${block}b_expand_${ending}`);
/** From the first to the last, 144 to 1,152 channels. */
export const LAYERS = {
  Filters: part("conv"),
  Activations: part("activation"),
  "Grad-CAM": part("activation"),
} as const;
type Name = keyof typeof LAYERS;

export async function measureClicks(): Promise<readonly Clicks[]> {
  const folder = mkdtempSync(path.join(tmpdir(), "convlens-bench-"));
  cpSync(path.join(root, "samples"), folder, { recursive: true });
  const workbench = await startWorkbench({
    changes: { "workbench.quickOpen.closeOnFocusLost": false },
  });
  const browser = await openBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(workbench.page(folder, { dev: root }));
    await ready(page);
    return await clicks(page);
  } finally {
    await browser.close();
    await workbench.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function clicks(page: Page): Promise<readonly Clicks[]> {
  const frame = await inspect(page, MODEL);
  await openLens(frame, "Model");
  await count(frame);
  const filters = await lens(frame, "Filters");
  await lookAt(page, "chelsea.png");
  await frame.locator("convlens-classes .bar").first().waitFor({ timeout: 90_000 });
  return [filters, await lens(frame, "Activations"), await lens(frame, "Grad-CAM")];
}

async function lens(frame: Frame, name: Name): Promise<Clicks> {
  await quiet(frame);
  await forget(frame);
  await openLens(frame, name);
  const cold = await clickToPaint(frame);
  const warm: number[] = [];
  const traffic: Traffic[] = [];
  for (const layer of LAYERS[name]) {
    await quiet(frame);
    await choose(frame, name, layer);
    warm.push(await clickToPaint(frame));
    await quiet(frame);
    traffic.push(await counted(frame));
  }
  return { name, cold, warm, traffic };
}

/** Another layer; the Grad-CAM lens has a list of its own for the one whose maps are weighed. */
async function choose(frame: Frame, name: Name, layer: string): Promise<void> {
  if (name === "Grad-CAM") {
    const list = frame.getByRole("toolbar").getByRole("combobox", { name: "Layer", exact: true });
    await forget(frame);
    await list.click();
    await list.selectOption(layer);
    return;
  }
  const layers = frame.getByRole("listbox", { name: "Layers" });
  await frame.locator("convlens-layers").getByRole("searchbox").fill(layer);
  await forget(frame);
  await layers.getByText(layer, { exact: true }).first().click();
}

/** Until nothing has come for a while. */
async function quiet(frame: Frame): Promise<void> {
  for (let same = 0, last = -1; same < 8;) {
    await frame.waitForTimeout(100);
    const { messages } = await counted(frame);
    same = messages === last ? same + 1 : 0;
    last = messages;
  }
}
