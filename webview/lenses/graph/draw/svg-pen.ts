import type { Rect } from "../view.ts";
import { curve, cutTo, type Ink, type Pen, type Words } from "./pen.ts";

const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (sign) => `&#${String(sign.charCodeAt(0))};`);
const short = (value: number): string => String(Math.round(value * 100) / 100);

/** Writes the text of an SVG file. */
export class SvgPen implements Pen {
  private readonly parts: string[] = [];
  private readonly measuring = new OffscreenCanvas(1, 1).getContext("2d");

  constructor(private readonly colour: (name: string) => string) {}

  /** The file, of the size of a drawing with some room around it, on the background of the theme. */
  file(width: number, height: number): string {
    const room = 12;
    const box = [-room, -room, width + 2 * room, height + 2 * room].map(short);
    const [x, y, w, h] = box;
    return [
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${box.join(" ")}" width="${w ?? ""}" height="${h ?? ""}" font-family="sans-serif">`,
      `<rect x="${x ?? ""}" y="${y ?? ""}" width="${w ?? ""}" height="${h ?? ""}" fill="${this.named("bg")}"/>`,
      ...this.parts,
      "</svg>",
    ].join("\n");
  }

  rect({ x, y, width, height }: Rect, ink: Ink): void {
    const [a, b, c, d] = [x, y, width, height].map(short);
    const round = ink.radius === undefined ? "" : ` rx="${short(ink.radius)}"`;
    this.parts.push(
      `<rect x="${a ?? ""}" y="${b ?? ""}" width="${c ?? ""}" height="${d ?? ""}"${round}${this.ink(ink)}/>`,
    );
  }

  rects(all: readonly Rect[], ink: Ink): void {
    for (const box of all) this.rect(box, ink);
  }

  line(points: readonly number[], { arrow, ...ink }: Ink & { arrow?: number }): void {
    const { start, bends, end } = curve(points);
    const path = [
      `M${start.map(short).join(" ")}`,
      ...bends.map((bend) => `Q${bend.map(short).join(" ")}`),
      `L${end.map(short).join(" ")}`,
    ];
    this.parts.push(`<path d="${path.join("")}"${this.ink(ink)}/>`);
    if (arrow === undefined || ink.stroke === undefined) return;
    const [x, y] = end;
    const head = [x, y, x - arrow * 0.6, y - arrow, x + arrow * 0.6, y - arrow].map(short);
    const opacity = ink.opacity === undefined ? {} : { opacity: ink.opacity };
    this.parts.push(
      `<polygon points="${head.join(" ")}"${this.ink({ fill: ink.stroke, ...opacity })}/>`,
    );
  }

  lines(all: readonly (readonly number[])[], ink: Ink): void {
    for (const points of all)
      this.parts.push(`<polyline points="${points.map(short).join(" ")}"${this.ink(ink)}/>`);
  }

  words(text: string, x: number, y: number, words: Words): void {
    const { measuring } = this;
    const weight = words.bold ? "600" : "400";
    if (measuring) measuring.font = `${weight} ${words.size}px sans-serif`;
    const cut = cutTo(text, words, (part) => measuring?.measureText(part).width ?? 0);
    const opacity = words.opacity === undefined ? "" : ` opacity="${short(words.opacity)}"`;
    this.parts.push(
      `<text x="${short(x)}" y="${short(y)}" dominant-baseline="central" font-size="${short(words.size)}" font-weight="${weight}" fill="${this.named(words.colour)}"${opacity}>${escaped(cut)}</text>`,
    );
  }

  /** Maps of a picture stay out of the file: they would make it as large as a picture, and say nothing without it. */
  picture(): void {}

  private ink({ fill, stroke, width = 1, dash, opacity }: Ink): string {
    return [
      ` fill="${fill === undefined ? "none" : this.named(fill)}"`,
      ...(stroke === undefined
        ? []
        : [` stroke="${this.named(stroke)}" stroke-width="${short(width)}"`]),
      ...(dash === undefined ? [] : [` stroke-dasharray="${short(dash)}"`]),
      ...(opacity === undefined ? [] : [` opacity="${short(opacity)}"`]),
    ].join("");
  }

  /** As every viewer knows colours: the theme's may be computed ones. */
  private named(name: string): string {
    const { measuring } = this;
    if (!measuring) return escaped(this.colour(name));
    measuring.fillStyle = this.colour(name);
    measuring.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0] = measuring.getImageData(0, 0, 1, 1).data;
    const hex = [red, green, blue].map((part) => part.toString(16).padStart(2, "0")).join("");
    return `#${hex}`;
  }
}
