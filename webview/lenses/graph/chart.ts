import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { GraphBlock, NetworkGraph } from "../../../src/shared/contract/graph.ts";
import { LayoutThread } from "./layout/thread.ts";
import { type Drawing, type Key, keyOf } from "./layout/types.ts";
import { allBlocks, blocksAround, firstOpen, layersOf, MOST_SHOWN } from "./open.ts";

/** One network, which of its blocks are open, and where everything of it lies then. */
export class Chart implements ReactiveController {
  graph: NetworkGraph | null = null;
  drawing: Drawing | null = null;
  /** Why nothing is laid out; null: nothing went wrong. */
  failed: string | null = null;
  private open: ReadonlySet<number> = new Set();
  private thread: LayoutThread | null = null;

  constructor(private readonly host: ReactiveControllerHost) {
    host.addController(this);
  }

  hostConnected(): void {
    if (this.graph && !this.thread) this.begin(this.graph);
  }
  hostDisconnected(): void {
    this.thread?.stop();
    this.thread = null;
  }

  /** Another network; `layer` is to be seen in it. */
  show(graph: NetworkGraph, layer: number | null): void {
    this.graph = graph;
    this.open = firstOpen(graph.network);
    if (layer !== null) this.open = this.openedTo(layer);
    this.begin(graph);
  }

  get blocks(): readonly GraphBlock[] {
    return this.graph ? allBlocks(this.graph.network) : [];
  }
  get anyOpen(): boolean {
    return this.open.size > 0;
  }

  /** Opens a block, or folds it with all that is in it. */
  toggle(block: GraphBlock): void {
    const open = new Set(this.open);
    if (open.has(block.id)) for (const one of [block, ...allBlocks(block)]) open.delete(one.id);
    else open.add(block.id);
    this.set(open);
  }

  /** Opens the blocks that a layer is in. */
  openTo(layer: number): void {
    this.set(this.openedTo(layer));
  }

  /** Opens blocks level by level, as many as can be shown at once. */
  openAll(): void {
    const open = new Set<number>();
    let level: readonly GraphBlock[] = this.graph ? [this.graph.network] : [];
    for (let shown = 0; level.length > 0 && shown < MOST_SHOWN;) {
      for (const block of level) open.add(block.id);
      shown += level.reduce((sum, { items }) => sum + items.length, 0);
      level = level.flatMap(({ items }) => items.filter((item) => typeof item === "object"));
    }
    this.set(open);
  }

  foldAll(): void {
    this.set(new Set());
  }

  /** Where a layer is seen: itself, or the folded block that it is in; null: nowhere yet. */
  keyOf(layer: number): Key | null {
    if (!this.graph) return null;
    const folded = blocksAround(this.graph.network, layer).find(({ id }) => !this.open.has(id));
    return keyOf(folded ?? layer);
  }

  /** What of `layers` is seen, and in which boxes. */
  keysOf(layers: ReadonlySet<number>): ReadonlySet<Key> {
    const boxes = this.drawing?.boxes.filter(({ open }) => !open) ?? [];
    return new Set(
      boxes
        .filter(({ item }) => layersOf(item).some((one) => layers.has(one)))
        .map(({ key }) => key),
    );
  }

  private openedTo(layer: number): ReadonlySet<number> {
    const around = this.graph ? blocksAround(this.graph.network, layer) : [];
    return new Set([...this.open, ...around.map(({ id }) => id)]);
  }

  private set(open: ReadonlySet<number>): void {
    this.open = open;
    this.thread?.ask(open);
    this.host.requestUpdate();
  }

  private begin(graph: NetworkGraph): void {
    this.thread?.stop();
    this.failed = null;
    this.thread = new LayoutThread(
      graph,
      (drawing) => {
        this.drawing = drawing;
        this.host.requestUpdate();
      },
      (why) => {
        this.failed = why;
        this.host.requestUpdate();
      },
    );
    this.thread.ask(this.open);
  }
}
