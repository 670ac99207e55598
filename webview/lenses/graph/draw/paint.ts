import { seenRect, type View } from "../view.ts";
import { CanvasPen } from "./canvas-pen.ts";
import { drawMinimap, minimapOf } from "./minimap.ts";
import { drawScene } from "./scene.ts";
import type { Scene } from "./types.ts";

/** Draws what a view shows of a scene onto a canvas of the window's size, and where that lies in the whole. */
export function paint(
  canvas: HTMLCanvasElement,
  scene: Scene,
  view: View,
  window: { readonly width: number; readonly height: number },
  colour: (name: string) => string,
): void {
  const dpr = devicePixelRatio;
  const [width, height] = [Math.round(window.width * dpr), Math.round(window.height * dpr)];
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const context = canvas.getContext("2d");
  if (!context) return;
  const seen = seenRect(view, window);
  context.setTransform(dpr, 0, 0, dpr, 0, 0);
  context.clearRect(0, 0, window.width, window.height);
  const scale = dpr * view.scale;
  context.setTransform(scale, 0, 0, scale, -view.x * scale, -view.y * scale);
  drawScene(new CanvasPen(context, colour), scene, seen, view.scale);
  context.setTransform(dpr, 0, 0, dpr, 0, 0);
  const map = minimapOf(scene.drawing, view, window);
  if (map) drawMinimap(context, colour, map, scene, seen);
}
