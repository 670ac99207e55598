import type { Rect } from "../view.ts";
import { curve, cutTo, type Ink, type Pen, type Words } from "./pen.ts";

/** Reads the palette where it is set; a style is slow to read, and a colour is asked for by every node. */
export function paletteOf(style: CSSStyleDeclaration): (name: string) => string {
  const known = new Map<string, string>();
  return (name) => {
    const found = known.get(name) ?? (style.getPropertyValue(`--cl-${name}`).trim() || "gray");
    known.set(name, found);
    return found;
  };
}

const cuts = new Map<string, string>();
const MOST_CUTS = 20_000;

/** Draws on a canvas, in the coordinates that it has. */
export class CanvasPen implements Pen {
  constructor(
    private readonly context: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D,
    private readonly colour: (name: string) => string,
  ) {}

  rect({ x, y, width, height }: Rect, ink: Ink): void {
    const { context } = this;
    context.beginPath();
    if (ink.radius === undefined) context.rect(x, y, width, height);
    else context.roundRect(x, y, width, height, ink.radius);
    this.ink(ink);
  }

  rects(all: readonly Rect[], ink: Ink): void {
    const { context } = this;
    context.beginPath();
    for (const { x, y, width, height } of all) context.rect(x, y, width, height);
    this.ink(ink);
  }

  line(points: readonly number[], { arrow, ...ink }: Ink & { arrow?: number }): void {
    const { context } = this;
    const { start, bends, end } = curve(points);
    context.beginPath();
    context.moveTo(...start);
    for (const bend of bends) context.quadraticCurveTo(...bend);
    context.lineTo(...end);
    this.ink(ink);
    if (arrow === undefined || ink.stroke === undefined) return;
    const [x, y] = end;
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(x - arrow * 0.6, y - arrow);
    context.lineTo(x + arrow * 0.6, y - arrow);
    context.closePath();
    this.ink({ fill: ink.stroke, ...(ink.opacity !== undefined && { opacity: ink.opacity }) });
  }

  lines(all: readonly (readonly number[])[], ink: Ink): void {
    const { context } = this;
    context.beginPath();
    for (const points of all)
      for (let i = 0; i + 1 < points.length; i += 2) {
        const [x, y] = [points[i] ?? 0, points[i + 1] ?? 0];
        if (i === 0) context.moveTo(x, y);
        else context.lineTo(x, y);
      }
    this.ink(ink);
  }

  words(text: string, x: number, y: number, words: Words): void {
    const { context } = this;
    context.font = `${words.bold ? "600 " : ""}${words.size}px ${this.colour("font")}`;
    context.textBaseline = "middle";
    context.globalAlpha = words.opacity ?? 1;
    context.fillStyle = this.colour(words.colour);
    context.fillText(this.cut(text, words), x, y);
    context.globalAlpha = 1;
  }

  picture(picture: OffscreenCanvas, { x, y, width, height }: Rect): void {
    this.context.imageSmoothingEnabled = picture.width > width * 2;
    this.context.drawImage(picture, x, y, width, height);
  }

  private cut(text: string, words: Words): string {
    const key = `${this.context.font} ${words.most} ${words.cut ?? ""} ${text}`;
    const known = cuts.get(key);
    if (known !== undefined) return known;
    if (cuts.size > MOST_CUTS) cuts.clear();
    const made = cutTo(text, words, (part) => this.context.measureText(part).width);
    cuts.set(key, made);
    return made;
  }

  private ink({ fill, stroke, width = 1, dash, opacity = 1 }: Ink): void {
    const { context } = this;
    context.globalAlpha = opacity;
    if (fill !== undefined) {
      context.fillStyle = this.colour(fill);
      context.fill();
    }
    if (stroke !== undefined) {
      context.strokeStyle = this.colour(stroke);
      context.lineWidth = width;
      context.setLineDash(dash === undefined ? [] : [dash]);
      context.stroke();
    }
    context.globalAlpha = 1;
  }
}
