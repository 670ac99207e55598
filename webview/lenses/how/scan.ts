import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { Cell } from "../../../src/shared/contract/intent.ts";

/** Between two cells that are shown, ms. */
const TICK = 60;
/** A whole map takes about this many ticks: cells of a large one are passed over. */
const TICKS = 200;

/** A kernel on its way over a map of [height, width] cells, row by row. */
export class Scan implements ReactiveController {
  playing = false;
  private timer: ReturnType<typeof setInterval> | undefined;

  /** `at`: where it is and over which map; null while there is none. `go`: to a cell, which ends at the last one. */
  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly at: () => { cell: Cell; shape: readonly [number, number] } | null,
    private readonly go: (cell: Cell) => void,
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    /* it moves when it is told to */
  }
  hostDisconnected(): void {
    this.pause();
  }

  /** From where it is; from the beginning when it has come to the end. */
  readonly play = (): void => {
    const at = this.at();
    if (this.playing || !at) return;
    const [height, width] = at.shape;
    if (at.cell.y === height - 1 && at.cell.x === width - 1) this.go({ y: 0, x: 0 });
    this.playing = true;
    const stride = Math.max(1, Math.round((height * width) / TICKS));
    this.timer = setInterval(() => this.step(stride), TICK);
    this.host.requestUpdate();
  };

  readonly pause = (): void => {
    clearInterval(this.timer);
    if (!this.playing) return;
    this.playing = false;
    this.host.requestUpdate();
  };

  /** So many cells on (back where negative), within the map. */
  readonly step = (cells: number): void => {
    const at = this.at();
    if (!at) return;
    const [height, width] = at.shape;
    const index = at.cell.y * width + at.cell.x + cells;
    const last = height * width - 1;
    if (index >= last) this.pause();
    const to = Math.min(last, Math.max(0, index));
    this.go({ y: Math.floor(to / width), x: to % width });
  };
}
