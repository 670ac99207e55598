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
    if (frame.isDetached()) throw new Error(`the page of ${selector} is gone`);
    const stamp = Number(await target.getAttribute("data-painted").catch(() => null));
    if (stamp > since) return stamp;
    await frame.waitForTimeout(25);
  }
  throw new Error(`${selector} was not drawn; the panel says: ${await saidIn(frame)}`);
}

/** What a panel says of itself in place of a lens: what it does, what went wrong, what is missing. */
async function saidIn(frame: Frame): Promise<string> {
  const said = frame.locator("convlens-status, convlens-empty, .notice, footer");
  const texts = await said.allInnerTexts().catch(() => []);
  const lens = frame.getByRole("tab", { selected: true });
  const open = await lens.allInnerTexts().catch(() => []);
  return JSON.stringify([...open, ...texts].filter((text) => text.trim() !== ""));
}

/** Colours [r, g, b, a] of a canvas (the first that `selector` finds, shadow roots included) at these places, in its pixels. */
export async function coloursAt(
  frame: Frame,
  selector: string,
  places: readonly { readonly x: number; readonly y: number }[],
): Promise<readonly (readonly number[])[]> {
  return frame
    .locator(selector)
    .first()
    .evaluate((element, points) => {
      const context = element instanceof HTMLCanvasElement ? element.getContext("2d") : null;
      if (context === null) throw new Error("not a canvas that is drawn in 2d");
      return points.map(({ x, y }) => [...context.getImageData(x, y, 1, 1).data]);
    }, places);
}

/** How many different colours a canvas has: 1 means that nothing was drawn. */
export async function colourCount(frame: Frame, selector: string): Promise<number> {
  return frame
    .locator(selector)
    .first()
    .evaluate((element) => {
      const context = element instanceof HTMLCanvasElement ? element.getContext("2d") : null;
      if (context === null) throw new Error("not a canvas that is drawn in 2d");
      const { width, height } = context.canvas;
      return new Set(new Uint32Array(context.getImageData(0, 0, width, height).data.buffer)).size;
    });
}
