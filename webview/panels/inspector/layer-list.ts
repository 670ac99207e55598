import type { ReactiveController, ReactiveControllerHost } from "lit";

/** Below this there is no room beside a lens: the list lies over it. As in the style sheet. */
const NARROW = "(max-width: 1000px)";

/** Whether the list of layers is shown: beside the lens at first, over it only when asked for, until it was used. */
export class LayerList implements ReactiveController {
  private readonly narrow = matchMedia(NARROW);
  private beside = true;
  private over = false;

  constructor(private readonly host: ReactiveControllerHost) {
    host.addController(this);
  }

  hostConnected(): void {
    this.narrow.addEventListener("change", this.changed);
  }
  hostDisconnected(): void {
    this.narrow.removeEventListener("change", this.changed);
  }

  get isOpen(): boolean {
    return this.narrow.matches ? this.over : this.beside;
  }

  readonly toggle = (): void => {
    if (this.narrow.matches) this.over = !this.over;
    else this.beside = !this.beside;
    this.host.requestUpdate();
  };

  /** A layer was chosen, or what it covers was clicked. */
  readonly used = (): void => {
    if (!this.over) return;
    this.over = false;
    this.host.requestUpdate();
  };

  private readonly changed = (): void => {
    this.over = false;
    this.host.requestUpdate();
  };
}
