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
  const place = ({ x, y, width, height }: Rect): Rect => ({
    ...{ x: map.x + x * map.scale, y: map.y + y * map.scale },
    ...{ width: Math.max(1, width * map.scale), height: Math.max(0.7, height * map.scale) },
  });
  context.drawImage(nodesOf(scene, map, colour), map.x, map.y, map.width, map.height);
  const chosen = scene.drawing.boxes.find(({ key }) => key === scene.selected);
  if (chosen) pen.rect(place(chosen), { stroke: "focus", width: 2 });
  pen.rect(clipped(place(seen), frame), { stroke: "strong", width: 1.5 });
}

interface Nodes {
  readonly found: Scene["found"];
  readonly facts: Scene["facts"];
  readonly colour: (name: string) => string;
  readonly ratio: number;
  readonly canvas: OffscreenCanvas;
}
const drawn = new WeakMap<Scene["drawing"], Nodes>();

/** All nodes, drawn once: while the view moves they stay as they are, and there may be thousands. */
function nodesOf(
  { drawing, found, facts }: Scene,
  { width, height, scale }: Rect & { readonly scale: number },
  colour: (name: string) => string,
): OffscreenCanvas {
  const ratio = devicePixelRatio;
  const known = drawn.get(drawing);
  if (known?.found === found && known.colour === colour && known.ratio === ratio)
    if (known.facts === facts) return known.canvas;
  const canvas = new OffscreenCanvas(Math.ceil(width * ratio), Math.ceil(height * ratio));
  const context = canvas.getContext("2d");
  drawn.set(drawing, { found, facts, colour, ratio, canvas });
  if (!context) return canvas;
  context.scale(canvas.width / width, canvas.height / height);
  const pen = new CanvasPen(context, colour);
  for (const box of drawing.boxes) {
    if (box.open) continue;
    const { op, opaque } = facts(box);
    const own = opaque > 0 ? "red" : op ? opColour(op) : "muted";
    const fill = found?.has(box.key) ? "yellow" : own;
    const opacity = found && !found.has(box.key) ? 0.25 : 0.8;
    const size = {
      width: Math.max(1, box.width * scale),
      height: Math.max(0.7, box.height * scale),
    };
    pen.rect({ x: box.x * scale, y: box.y * scale, ...size }, { fill, opacity });
  }
  return canvas;
}

function clipped(box: Rect, to: Rect): Rect {
  const [x, y] = [Math.max(box.x, to.x), Math.max(box.y, to.y)];
  const right = Math.min(box.x + box.width, to.x + to.width);
  const bottom = Math.min(box.y + box.height, to.y + to.height);
  return { x, y, width: Math.max(2, right - x), height: Math.max(2, bottom - y) };
}
