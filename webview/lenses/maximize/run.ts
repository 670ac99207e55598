import { at } from "../../../src/base/at.ts";
import type {
  MaximizedPictures,
  Maximized,
  MaximizeTarget,
  Reference,
} from "../../../src/shared/contract/experiments.ts";
import type { MaximizeQuestion } from "../../../src/shared/question.ts";
import { Film } from "./film.ts";
import { type TilePlace, tilesOf, type TileSource } from "../../common/drawing/tile-pages.ts";

/** One picture that is made. */
export interface Item {
  readonly target: MaximizeTarget;
  /** Which of several pictures of the target. */
  readonly copy: number;
  state: "waiting" | "running" | "done";
  /** The objective after each step that is known of; the last is the one reached. */
  history: readonly number[];
  /** Of a class, on the clipped 8-bit picture; null for filters and before the end. */
  probability: number | null;
  /** The objective on the clipped 8-bit picture; null before the end. */
  reached: number | null;
  /** The picture at hand that excites the target most. */
  best: Reference | null;
  place: TilePlace | null;
  /** What the number is called that is maximised, and what its picture shows; null: it is a class or a filter. */
  number: { readonly name: string; readonly meaning: string } | null;
}
/** Items that are computed in one call: all of one layer, or all classes; copies of a target stay together. */
interface Batch {
  readonly first: number;
  readonly count: number;
  readonly question: MaximizeQuestion;
}

const layerOf = (target: MaximizeTarget | undefined): string | null =>
  target && "layer" in target ? target.layer : null;

/**
 * A run over any number of targets, batch after batch. Whatever interrupts it, the pictures made so far stay; a batch that was
 * interrupted begins anew, and gives the same pictures by its seed.
 */
export class MaximizeRun implements TileSource {
  items: readonly Item[];
  /** How the pictures came to be. */
  readonly film = new Film();
  /** Grows with every picture that changed. */
  revision = 0;
  /** Of the batch that is computed. */
  step = 0;
  steps = 0;

  constructor(
    readonly question: MaximizeQuestion,
    private readonly batchSize: number,
  ) {
    this.items = question.targets.flatMap((target) =>
      Array.from({ length: this.copies }, (_, copy) => ({
        target,
        copy,
        state: "waiting" as const,
        history: [],
        probability: null,
        reached: null,
        best: null,
        place: null,
        number: null,
      })),
    );
  }

  get copies(): number {
    return this.question.options?.copies ?? 1;
  }

  get total(): number {
    return this.items.length;
  }
  get done(): number {
    return this.items.filter(({ state }) => state === "done").length;
  }
  /** 0..1, the steps of the present batch among them. */
  get fraction(): number {
    const running = this.items.filter(({ state }) => state === "running").length;
    const part = this.steps > 0 ? (running * this.step) / this.steps : 0;
    return this.total > 0 ? (this.done + part) / this.total : 0;
  }

  tile(index: number): TilePlace | null {
    return this.items[index]?.place ?? null;
  }
  need(): void {
    // pictures come in their own order
  }

  /** What to compute next; null at the end. */
  next(): Batch | null {
    const first = this.items.findIndex(({ state }) => state !== "done");
    if (first < 0) return null;
    const layer = layerOf(this.items[first]?.target);
    const most = Math.max(1, Math.floor(this.batchSize / this.copies)) * this.copies;
    let end = first;
    while (end < this.total && end - first < most) {
      const item = this.items[end];
      if (!item || item.state === "done" || layerOf(item.target) !== layer) break;
      item.state = "running";
      item.history = [];
      end++;
    }
    this.step = 0;
    this.revision++;
    const targets = this.question.targets.slice(first / this.copies, end / this.copies);
    return { first, count: end - first, question: { ...this.question, targets } };
  }

  show(batch: Batch, pictures: MaximizedPictures): void {
    this.film.take(batch.first, batch.count, pictures);
    this.draw(batch, pictures);
    this.each(batch, (item, row) => {
      item.history = [...item.history, at(pictures.values, row)];
    });
  }

  finish(batch: Batch, result: Maximized): void {
    this.film.take(batch.first, batch.count, result);
    this.draw(batch, result);
    this.each(batch, (item, row) => {
      item.state = "done";
      item.history = result.history.map((values) => at(values, row));
      item.probability = result.probabilities[row] ?? null;
      item.reached = result.values[row] ?? null;
      item.number = numberOf(result, item.target, Math.floor(row / this.copies));
      item.best = result.best?.[Math.floor(row / this.copies)] ?? null;
    });
  }

  /** Nothing is computed any more, for now. */
  rest(): void {
    for (const item of this.items) if (item.state === "running") item.state = "waiting";
    this.revision++;
  }

  /** Leaves out what has no picture yet. */
  end(): void {
    this.items = this.items
      .filter(({ place }) => place !== null)
      .map((item) => ({ ...item, state: "done" }));
    this.revision++;
  }

  private each({ first, count }: Batch, change: (item: Item, row: number) => void): void {
    this.items.slice(first, first + count).forEach(change);
  }

  private draw(batch: Batch, pictures: MaximizedPictures): void {
    const { count, first } = batch;
    const tiles = tilesOf(pictures, { first, count, total: this.total });
    this.each(batch, (item, slot) => {
      item.place = { tiles, slot };
    });
    this.step = pictures.step;
    this.steps = pictures.steps;
    this.revision++;
  }
}

function numberOf({ of }: Maximized, target: MaximizeTarget, at: number): Item["number"] {
  const meaning = of?.meanings[at] ?? null;
  if (!("classIndex" in target) || meaning === null) return null;
  return { name: of?.labels?.[target.classIndex] ?? "", meaning };
}

/** Pictures in one call: fewer of large ones, so that the first are there soon. */
export const batchSizeFor = (height: number, width: number): number =>
  height * width > 128 * 128 ? 8 : 16;
