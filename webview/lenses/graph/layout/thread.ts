import type { NetworkGraph } from "../../../../src/shared/contract/graph.ts";
import type { Asked, Laid } from "./messages.ts";
import type { Drawing } from "./types.ts";
import code from "./layout.worker.ts";

/** Lays out one network on a thread of its own, so that a large one holds up nothing. */
export class LayoutThread {
  private readonly worker: Worker;
  private asks = 0;

  /** `drawn` gets the answer to the last question; earlier ones that come late are dropped. */
  constructor(
    graph: NetworkGraph,
    drawn: (drawing: Drawing) => void,
    failed: (why: string) => void,
  ) {
    const address = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
    this.worker = new Worker(address);
    URL.revokeObjectURL(address);
    this.worker.addEventListener("message", ({ data }: MessageEvent<Laid>) => {
      if (data.ask === this.asks) drawn(data.drawing);
    });
    this.worker.addEventListener("error", ({ message }) => failed(message));
    this.tell({ graph });
  }

  ask(open: ReadonlySet<number>): void {
    this.tell({ ask: ++this.asks, open: [...open] });
  }

  stop(): void {
    this.worker.terminate();
  }

  private tell(asked: Asked): void {
    this.worker.postMessage(asked);
  }
}
