/** A graph seen from afar, where nothing can be read: boxes that look alike are drawn at once, thousands in a frame. */
import type { Box } from "../layout/types.ts";
import { borderOf } from "./node.ts";
import type { Pen } from "./pen.ts";
import type { Scene } from "./types.ts";

const USUAL = 1;
/** Thick enough to be seen from afar. */
const THICK = 8;

/** Open blocks, those around others first: what is in more of them is darker. */
export function drawFrames(pen: Pen, boxes: readonly Box[], scene: Scene): void {
  for (const alike of grouped(boxes, ({ depth }) => depth).values()) {
    pen.rects(alike, { fill: "fg", opacity: 0.045 });
    pen.rects(alike, { stroke: "muted", opacity: 0.48 });
  }
  drawMarked(pen, boxes, scene);
}

/** Layers and folded blocks by their colours alone. */
export function drawFar(pen: Pen, boxes: readonly Box[], scene: Scene): void {
  const look = (box: Box): string => {
    const colour = typeof box.item === "object" ? "muted" : scene.facts(box).colours[0];
    return `${scene.found && !scene.found.has(box.key) ? "0.3" : "1"} ${colour ?? "muted"}`;
  };
  for (const [key, alike] of grouped(boxes, look)) {
    const [opacity, fill = "muted"] = key.split(" ");
    pen.rects(alike, { fill, opacity: Number(opacity) });
  }
  drawMarked(pen, boxes, scene);
}

function drawMarked(pen: Pen, boxes: readonly Box[], scene: Scene): void {
  for (const box of boxes) {
    const { stroke, width } = borderOf(box, scene);
    if (width > USUAL) pen.rect(box, { stroke, width: THICK });
  }
}

function grouped<K>(boxes: readonly Box[], by: (box: Box) => K): Map<K, Box[]> {
  const groups = new Map<K, Box[]>();
  for (const box of boxes) {
    const key = by(box);
    const group = groups.get(key);
    if (group) group.push(box);
    else groups.set(key, [box]);
  }
  return groups;
}
