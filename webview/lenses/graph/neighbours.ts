/** Where the arrow keys lead from a box: along the wires up and down, to what lies beside it left and right. */
import type { Box, Drawing, Key } from "./layout/types.ts";

/** The directions of the arrow keys. */
export type Direction = "up" | "down" | "left" | "right";

/** The next box in a direction; the same where there is none. Null: the first of all, where none is chosen. */
export function neighbour(drawing: Drawing, from: Key | null, direction: Direction): Box | null {
  const { boxes } = drawing;
  const here = boxes.find(({ key }) => key === from);
  if (!here) return boxes[0] ?? null;
  const found =
    direction === "up" || direction === "down"
      ? alongWires(drawing, here, direction)
      : beside(boxes, here, direction);
  return found ?? here;
}

function alongWires({ boxes, lines }: Drawing, here: Box, direction: "up" | "down"): Box | null {
  const known = new Map(boxes.map((box) => [box.key, box]));
  const isDown = direction === "down";
  // an open block: into it, from above or from below
  if (here.open) {
    const inside = boxes.filter(({ parent }) => parent === here.key);
    return (isDown ? inside[0] : inside.at(-1)) ?? null;
  }
  let at: Box | undefined = here;
  while (at) {
    const { key, parent }: Box = at;
    // lines of its own border lead into it
    const ends: readonly Key[] = lines
      .filter((line) => (isDown ? line.from : line.to) === key)
      .map((line) => (isDown ? line.to : line.from))
      .filter((end) => known.get(end)?.parent !== key);
    const reached = ends.flatMap((end) => (end === parent ? [] : (known.get(end) ?? [])));
    const nearest = reached.sort((a, b) => distance(here, a) - distance(here, b))[0];
    if (nearest) return entered(boxes, nearest, isDown);
    // out of the block that it is in
    at = ends.includes(parent) ? known.get(parent) : undefined;
  }
  return null;
}

/** Of an open block that is reached, what comes first in it. */
function entered(boxes: readonly Box[], box: Box, isDown: boolean): Box {
  if (!box.open) return box;
  const inside = boxes.filter(({ parent }) => parent === box.key);
  const next = isDown ? inside[0] : inside.at(-1);
  return next ? entered(boxes, next, isDown) : box;
}

function beside(boxes: readonly Box[], here: Box, direction: "left" | "right"): Box | null {
  const sign = direction === "right" ? 1 : -1;
  const others = boxes.filter(
    (box) =>
      !box.open &&
      box.key !== here.key &&
      (centre(box).x - centre(here).x) * sign > 1 &&
      box.y < here.y + here.height &&
      here.y < box.y + box.height,
  );
  return others.sort((a, b) => distance(here, a) - distance(here, b))[0] ?? null;
}

const centre = (box: Box): { x: number; y: number } => ({
  ...{ x: box.x + box.width / 2, y: box.y + box.height / 2 },
});
const distance = (a: Box, b: Box): number =>
  Math.hypot(centre(a).x - centre(b).x, centre(a).y - centre(b).y);
