/** Which of the boxes of the same object are left. */
import { at } from "../../base/at.ts";
import type { Pair } from "../../graph/index.ts";
import type { DetectedBox } from "../../shared/contract/outputs.ts";

type Rect = NonNullable<DetectedBox["rect"]>;

/** How much boxes may overlap, and how many are left. */
export interface Limits {
  /** The most of their union that two boxes may share. */
  readonly iou: number;
  /** Boxes of different classes suppress each other too. */
  readonly across: boolean;
  /** Boxes of a class that are left; null: any number. */
  readonly mostOfClass: number | null;
}

/** Greedily, of each class apart where nothing else is said: a box goes that shares too much of its union with a surer one. */
export function suppressed(
  boxes: readonly DetectedBox[],
  { iou: most, across, mostOfClass }: Limits,
): DetectedBox[] {
  const kept = new Map<number, DetectedBox[]>();
  return boxes.filter((box) => {
    const group = across ? 0 : box.class.index;
    const others = kept.get(group) ?? [];
    const full = mostOfClass !== null && others.length >= mostOfClass;
    const covered = others.some(
      ({ rect }) => rect !== null && box.rect !== null && iou(rect, box.rect) > most,
    );
    if (full || covered) return false;
    others.push(box);
    kept.set(group, others);
    return true;
  });
}

/** Intersection over union, 0..1. */
export function iou(a: Rect, b: Rect): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / (a.width * a.height + b.width * b.height - shared);
}

/** Those that are the surest of their class among the eight cells around, as a maximum over 3 x 3 finds them (Zhou et al. 2019). */
export function peaks(
  boxes: readonly DetectedBox[],
  all: readonly DetectedBox[],
  [rows, columns]: Pair,
): DetectedBox[] {
  return boxes.filter(({ box, score, class: own }) => {
    const [row, column] = [Math.floor(box / columns), box % columns];
    for (let y = Math.max(0, row - 1); y <= Math.min(rows - 1, row + 1); y++)
      for (let x = Math.max(0, column - 1); x <= Math.min(columns - 1, column + 1); x++) {
        const other = at(all, y * columns + x);
        if (other.class.index === own.index && other.score > score) return false;
      }
    return true;
  });
}
