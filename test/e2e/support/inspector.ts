/** The inspector as a person uses it: opened from the explorer, its lenses by their tabs. */
import type { Frame, Page } from "playwright-core";
import { contextMenu, explorerRow, openFolder } from "./workbench.ts";
import { painted, webview } from "./webview.ts";

export const lenses = {
  Graph: "convlens-graph",
  Model: "convlens-model",
  Filters: "convlens-filters",
  "How it works": "convlens-how",
  Activations: "convlens-activations",
  "Grad-CAM": "convlens-cam",
  Attribution: "convlens-attribute",
  Training: "convlens-training",
} as const;
export type LensName = keyof typeof lenses;

/** Right-click, Inspect Model; returns the inspector's document once its first lens is drawn. */
export async function inspect(page: Page, file: string): Promise<Frame> {
  await contextMenu(page, explorerRow(page, file), "Inspect Model");
  return inspector(page);
}

/** The open inspector. */
export async function inspector(page: Page): Promise<Frame> {
  return webview(page, Object.values(lenses).join(", "));
}

/** Chooses a lens; returns how many milliseconds it took from the click until it was drawn. */
export async function openLens(frame: Frame, name: LensName): Promise<number> {
  const tab = frame.getByRole("tab", { name, exact: true });
  // a lens that is already open is not drawn again by a click on its tab
  const open = (await tab.getAttribute("aria-selected")) === "true";
  const before = Date.now();
  await tab.click();
  return (await painted(frame, lenses[name], open ? 0 : before - 1)) - before;
}

/** Right-click on a picture: the open inspector looks at it. */
export async function lookAt(page: Page, picture: string): Promise<void> {
  await contextMenu(page, explorerRow(page, picture), "Look at");
}

/** Chooses in one of a lens' drop-down lists. */
export async function choose(frame: Frame, list: string, label: string): Promise<void> {
  await frame
    .getByRole("toolbar")
    .getByRole("combobox", { name: list, exact: true })
    .selectOption({ label });
}

/** A file of the folder bad/, which is opened first. */
export async function inspectBad(page: Page, file: string): Promise<void> {
  await openFolder(page, "bad");
  await contextMenu(page, explorerRow(page, file), "Inspect Model");
}

/** Chooses a layer in the list beside the lens. */
export async function chooseLayer(frame: Frame, layer: string): Promise<void> {
  const search = frame.locator("convlens-layers").getByRole("searchbox");
  await search.fill(layer);
  await frame
    .getByRole("listbox", { name: "Layers" })
    .getByText(layer, { exact: true })
    .first()
    .click();
  await search.fill("");
}

/** Where the first heat map of the Grad-CAM lens is largest: u to the right, v down, 0..1 of the picture. */
export async function hotSpot(frame: Frame): Promise<{ u: number; v: number }> {
  return frame
    .locator("convlens-cam-card convlens-picture")
    .first()
    .evaluate((element) => {
      const { map } = element as HTMLElement & {
        map: { pixels: Uint8Array; width: number; height: number };
      };
      const at = map.pixels.indexOf(Math.max(...map.pixels));
      return {
        u: ((at % map.width) + 0.5) / map.width,
        v: (Math.floor(at / map.width) + 0.5) / map.height,
      };
    });
}
