import type { ReactiveController, ReactiveControllerHost } from "lit";
import { scrollToRow, visibleRows } from "./visible-rows.ts";

/** Renders only the rows of equal height that a scroller shows. */
export class ScrollWindow implements ReactiveController {
  private scroller: HTMLElement | null = null;
  private readonly resized: ResizeObserver;
  private drawn = "";

  constructor(
    private readonly host: ReactiveControllerHost,
    readonly rowHeight: number,
    /** Height of a header that sticks to the top of the scroller. */
    private readonly header = 0,
  ) {
    this.resized = new ResizeObserver(this.changed);
    host.addController(this);
  }

  /** For Lit's `ref`: follows the scrolling element. */
  readonly attach = (element: Element | undefined): void => {
    this.resized.disconnect();
    this.scroller?.removeEventListener("scroll", this.changed);
    this.scroller = element instanceof HTMLElement ? element : null;
    if (!this.scroller) return;
    this.scroller.addEventListener("scroll", this.changed, { passive: true });
    this.resized.observe(this.scroller);
  };

  hostDisconnected(): void {
    this.attach(undefined);
  }

  range(count: number): readonly [number, number] {
    const { scrollTop, clientHeight } = this.scroller ?? { scrollTop: 0, clientHeight: 600 };
    const range = visibleRows(scrollTop, clientHeight, this.rowHeight, count);
    this.drawn = range.join();
    this.count = count;
    return range;
  }

  get pageRows(): number {
    return Math.max(1, Math.floor((this.scroller?.clientHeight ?? 0) / this.rowHeight) - 1);
  }

  reveal(row: number): void {
    if (!this.scroller || row < 0) return;
    const { scrollTop, clientHeight } = this.scroller;
    const top = scrollToRow(scrollTop, clientHeight - this.header, this.rowHeight, row);
    if (top !== scrollTop) this.scroller.scrollTop = top;
  }

  private count = 0;
  private readonly changed = (): void => {
    const before = this.drawn;
    if (this.range(this.count).join() !== before) this.host.requestUpdate();
  };
}
