import type { Frame, Page } from "playwright-core";

/**
 * The document that an extension wrote. It lies two frames deep: the workbench's outer frame, in it the active one.
 * @throws when no webview has `selector` (shadow roots included) within `timeout` milliseconds
 */
export async function webview(page: Page, selector: string, timeout = 60_000): Promise<Frame> {
  const end = Date.now() + timeout;
  while (Date.now() < end) {
    for (const frame of page.frames().reverse()) {
      const inner = frame.parentFrame()?.parentFrame() ?? null;
      if (inner === null) continue;
      const count = await frame
        .locator(selector)
        .count()
        .catch(() => 0);
      if (count > 0) return frame;
    }
    await page.waitForTimeout(50);
  }
  throw new Error(`no webview has ${selector}`);
}

/** Waits until `selector` was drawn after `since`; returns when that was, in milliseconds since 1970. */
export async function painted(
  frame: Frame,
  selector: string,
  since = 0,
  timeout = 90_000,
): Promise<number> {
  const target = frame.locator(selector).first();
  const end = Date.now() + timeout;
  while (Date.now() < end) {
    const stamp = Number(await target.getAttribute("data-painted").catch(() => null));
    if (stamp > since) return stamp;
    await frame.waitForTimeout(25);
  }
  throw new Error(`${selector} was not drawn`);
}

export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** RGBA, row after row. */
  readonly data: readonly number[];
}

/** Pixels of a canvas (the first that `selector` finds, shadow roots included), at most `limit` rows and columns. */
export async function pixels(frame: Frame, selector: string, limit = 4096): Promise<Pixels> {
  return frame
    .locator(selector)
    .first()
    .evaluate((element, most) => {
      if (!(element instanceof HTMLCanvasElement)) throw new Error("not a canvas");
      const context = element.getContext("2d");
      if (context === null) throw new Error("the canvas is not drawn in 2d");
      const width = Math.min(element.width, most);
      const height = Math.min(element.height, most);
      return { width, height, data: [...context.getImageData(0, 0, width, height).data] };
    }, limit);
}

/** How many different colours there are: 1 means nothing was drawn. */
export function colours({ data }: Pixels): number {
  const seen = new Set<string>();
  for (let i = 0; i < data.length; i += 4) seen.add(data.slice(i, i + 4).join());
  return seen.size;
}
