import type { ReactiveController, ReactiveControllerHost } from "lit";

/** The size of an element, as far as it is known. */
export class Room implements ReactiveController {
  width = 0;
  height = 0;
  private readonly observer: ResizeObserver;
  private of: Element | null = null;

  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly find: () => Element | null,
  ) {
    host.addController(this);
    this.observer = new ResizeObserver(([entry]) => {
      if (!entry) return;
      const { width, height } = entry.contentRect;
      if (Math.abs(width - this.width) < 2 && Math.abs(height - this.height) < 2) return;
      [this.width, this.height] = [width, height];
      this.host.requestUpdate();
    });
  }

  hostUpdated(): void {
    const of = this.find();
    if (of === this.of) return;
    this.observer.disconnect();
    this.of = of;
    if (of) this.observer.observe(of);
  }
  hostDisconnected(): void {
    this.observer.disconnect();
    this.of = null;
  }
}
