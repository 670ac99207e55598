import type { Frame } from "playwright-core";

/** What does not fit in an inspector, in words: toolbars of more than two rows, controls that are cut off, a page wider than its frame. */
export async function misfits(frame: Frame): Promise<string[]> {
  // what tsx gives functions with names, which a page lacks
  await frame.evaluate("globalThis.__name ??= (named) => named");
  return frame.evaluate(() => {
    const found: string[] = [];
    const all = (root: ParentNode): Element[] =>
      [...root.querySelectorAll("*")].flatMap((element) => [
        element,
        ...(element.shadowRoot ? all(element.shadowRoot) : []),
      ]);
    const seen = all(document).filter(
      (element) =>
        element instanceof HTMLElement &&
        element.checkVisibility({ visibilityProperty: true, opacityProperty: true }),
    );
    if (document.documentElement.scrollWidth > innerWidth) found.push("the page is too wide");
    for (const element of seen) {
      const box = element.getBoundingClientRect();
      if (element.getAttribute("role") === "toolbar") {
        const tops = [...element.querySelectorAll("button, select, input, label")]
          .map((one) => one.getBoundingClientRect())
          .filter(({ height, top }) => height > 0 && top < box.bottom - 6);
        const rows: number[] = [];
        for (const one of tops) {
          const middle = one.top + one.height / 2;
          if (!rows.some((row) => Math.abs(row - middle) < 12)) rows.push(middle);
        }
        if (rows.length > 2)
          found.push(`${rows.length} rows of controls (${Math.round(box.height)} px)`);
      }
      // a strip of an overview scrolls by itself
      const root = element.getRootNode();
      const isStrip = root instanceof ShadowRoot && root.host.localName === "convlens-strip";
      const isControl = element.matches("button, select, input") && !isStrip;
      if (isControl && box.width > 0 && box.left >= innerWidth - 1)
        found.push(
          `beyond the right edge: ${element.getAttribute("aria-label") ?? element.textContent.trim()}`,
        );
    }
    return found;
  });
}
