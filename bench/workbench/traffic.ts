/** What crosses to a panel, counted in its own document. */
import type { Frame } from "playwright-core";

export interface Traffic {
  readonly messages: number;
  readonly bytes: number;
  /** Of the largest message. */
  readonly largest: number;
  /** When the first picture came, when the last click or choice was, and when a lens was painted: milliseconds of the page's clock. */
  readonly pictureAt: number;
  readonly clicked: number;
  readonly paints: readonly number[];
}

/**
 * From now on messages are counted; arrays by their bytes, everything else by its JSON. A message of more than 800 bytes holds a picture: the smallest
 * is that of 32 filters of 3 x 3 x 3.
 */
export const count = (frame: Frame): Promise<void> =>
  frame.evaluate(() => {
    const paints: number[] = [];
    const traffic = { messages: 0, bytes: 0, largest: 0, pictureAt: 0, clicked: 0, paints };
    // a method: names that are given to functions here do not exist in the page
    const measure = {
      size(value: unknown): number {
        if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return value.byteLength;
        if (typeof value === "string") return value.length + 2;
        if (typeof value !== "object" || value === null) return 6;
        const parts = Object.entries(value);
        return parts.reduce((sum, [key, item]) => sum + key.length + measure.size(item), 0);
      },
    };
    addEventListener("message", ({ data, timeStamp }: MessageEvent<unknown>) => {
      const bytes = measure.size(data);
      traffic.messages++;
      traffic.bytes += bytes;
      traffic.largest = Math.max(traffic.largest, bytes);
      // when it came, not now: the lens may have painted it between its listener and this one
      if (traffic.pictureAt === 0 && bytes > 800) traffic.pictureAt = timeStamp;
    });
    // of a list that drops down, the click is the one on its entry
    for (const click of ["click", "change"])
      addEventListener(
        click,
        ({ timeStamp }) => Object.assign(traffic, { clicked: timeStamp, pictureAt: 0 }),
        { capture: true },
      );
    // a lens marks each painting, see `drawn` in lenses/lens.ts
    new PerformanceObserver((list) => {
      const marks = list.getEntries().filter(({ name }) => name.startsWith("convlens-painted"));
      traffic.paints.push(...marks.map(({ startTime }) => startTime));
    }).observe({ type: "mark" });
    Object.assign(globalThis, { traffic });
  });

/** Forgets what was counted. */
export const forget = (frame: Frame): Promise<void> =>
  frame.evaluate(() => {
    const { traffic } = globalThis as unknown as { traffic: Traffic };
    Object.assign(traffic, { messages: 0, bytes: 0, largest: 0, pictureAt: 0, paints: [] });
  });

/** What was counted since. */
export const counted = (frame: Frame): Promise<Traffic> =>
  frame.evaluate(() => (globalThis as unknown as { traffic: Traffic }).traffic);

/** Milliseconds from the last click until what came for it was painted. */
export async function clickToPaint(frame: Frame): Promise<number> {
  for (let waited = 0; waited < 90_000; waited += 50) {
    const { pictureAt, clicked, paints } = await counted(frame);
    const shown = paints.find((time) => time >= pictureAt);
    if (pictureAt > 0 && shown !== undefined) return shown - clicked;
    await frame.waitForTimeout(50);
  }
  throw new Error("no picture came");
}
