import { opColour } from "../../../common/styles/index.ts";
import type { Rect, View } from "../view.ts";
import { CanvasPen } from "./canvas-pen.ts";
import type { Scene } from "./types.ts";

const WIDTH = 120;
const HEIGHT = 200;
const MARGIN = 10;

/** Where the whole drawing lies, small, in the window's lower right corner; null where all of it is seen anyway. */
export function minimapOf(
  drawing: { width: number; height: number },
  view: View,
  window: { width: number; height: number },
): (Rect & { readonly scale: number }) | null {
  const { scale } = view;
  const fits = drawing.width * scale <= window.width && drawing.height * scale <= window.height;
  if (fits || window.width < 4 * WIDTH || drawing.width <= 0 || drawing.height <= 0) return null;
  const small = Math.min(WIDTH / drawing.width, HEIGHT / drawing.height);
  const [width, height] = [
    Math.max(24, drawing.width * small),
    Math.max(24, drawing.height * small),
  ];
  const [x, y] = [window.width - width - MARGIN, window.height - height - MARGIN];
  return { x, y, width, height, scale: small };
}

/** Draws it: nodes by their colours, and what is seen as a frame. */
export function drawMinimap(
  context: CanvasRenderingContext2D,
  colour: (name: string) => string,
  map: Rect & { readonly scale: number },
  scene: Scene,
  seen: Rect,
): void {
  const pen = new CanvasPen(context, colour);
  const frame = { x: map.x - 5, y: map.y - 5, width: map.width + 10, height: map.height + 10 };
  pen.rect(frame, { fill: "bg", radius: 4 });
  pen.rect(frame, { fill: "card", stroke: "line", radius: 4 });
  const { scale } = map;
  const place = ({ x, y, width, height }: Rect): Rect => ({
    ...{ x: map.x + x * scale, y: map.y + y * scale },
    ...{ width: Math.max(1, width * scale), height: Math.max(0.7, height * scale) },
  });
  for (const box of scene.drawing.boxes) {
    if (box.open) continue;
    const { op, opaque } = scene.facts(box);
    const fill = scene.found?.has(box.key)
      ? "yellow"
      : opaque > 0
        ? "red"
        : op
          ? opColour(op)
          : "muted";
    const opacity = scene.found && !scene.found.has(box.key) ? 0.25 : 0.8;
    pen.rect(place(box), { fill, opacity });
  }
  const chosen = scene.drawing.boxes.find(({ key }) => key === scene.selected);
  if (chosen) pen.rect(place(chosen), { stroke: "focus", width: 2 });
  pen.rect(clipped(place(seen), frame), { stroke: "strong", width: 1.5 });
}

function clipped(box: Rect, to: Rect): Rect {
  const [x, y] = [Math.max(box.x, to.x), Math.max(box.y, to.y)];
  const right = Math.min(box.x + box.width, to.x + to.width);
  const bottom = Math.min(box.y + box.height, to.y + to.height);
  return { x, y, width: Math.max(2, right - x), height: Math.max(2, bottom - y) };
}
