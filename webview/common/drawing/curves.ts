/** Series: a curve for each channel over the steps, with a map as a strip below it, and the axis of steps. */
import type { Curves } from "../../../src/shared/contract/lenses.ts";
import type { Lut } from "./colormaps.ts";
import { canvasOfMap, type MapPixels } from "./raster.ts";

/** Heights in CSS pixels. */
const STRIP = 22;
const AXIS = 18;
const GAP = 4;
const CURVE = 120;
/** What a series is as high as, with or without a curve. */
export const seriesHeight = (curve: boolean): number =>
  (curve ? CURVE + GAP : 0) + STRIP + AXIS + (curve ? 0 : STRIP);

/** What is drawn, and how. */
export interface SeriesLook {
  readonly curves: Curves | null;
  /** [1, steps] */
  readonly map: MapPixels | null;
  readonly lut: Lut;
  readonly opacity: number;
  /** 128 is the map's zero. */
  readonly signed: boolean;
  readonly steps: number;
  /** Of the page: lines of text, and what stands back. */
  readonly colours: {
    readonly strong: string;
    readonly muted: string;
    readonly line: string;
    readonly font: string;
  };
}

/** After Okabe and Ito, told apart by people who are colour-blind; one channel alone has the colour of text. */
const CHANNELS = ["#4a9fd8", "#e07b39", "#1ba37a", "#cc79a7", "#c9971c", "#7fb8dd"];

/** Fills the canvas. */
export function paintSeries(context: CanvasRenderingContext2D, look: SeriesLook): void {
  const { width, height } = context.canvas;
  const dpr = devicePixelRatio;
  const floor = height - AXIS * dpr;
  const strip = look.map ? (look.curves ? STRIP * dpr : floor) : 0;
  const room = floor - strip - (look.map ? GAP * dpr : 0);
  context.clearRect(0, 0, width, height);
  if (look.map) paintStrip(context, look, look.map, { top: floor - strip, strip, room });
  if (look.curves) paintCurves(context, look.curves, look, room);
  paintAxis(context, look, floor);
}

/** The map below the curve, and as a tint behind it where it says something. */
function paintStrip(
  context: CanvasRenderingContext2D,
  { lut, opacity, signed, curves }: SeriesLook,
  map: MapPixels,
  { top, strip, room }: { top: number; strip: number; room: number },
): void {
  const { width } = context.canvas;
  context.imageSmoothingEnabled = false;
  context.drawImage(canvasOfMap(map, lut), 0, top, width, strip);
  if (!curves) return;
  const strength = (value: number): number => (signed ? Math.abs(value - 128) / 127 : value / 255);
  for (let x = 0; x < width; x++) {
    const value = map.pixels[Math.floor((x * map.width) / width)] ?? 0;
    const [red = 0, green = 0, blue = 0] = lut.subarray(3 * value, 3 * value + 3);
    const alpha = 0.5 * opacity * Math.min(1, strength(value));
    if (alpha < 0.01) continue;
    context.fillStyle = `rgb(${red} ${green} ${blue} / ${alpha})`;
    context.fillRect(x, 0, 1, room);
  }
}

function paintCurves(
  context: CanvasRenderingContext2D,
  { channels, columns, low, high, min, max }: Curves,
  { colours }: SeriesLook,
  room: number,
): void {
  const { width } = context.canvas;
  const margin = 4 * devicePixelRatio;
  const y = (byte: number): number => room - margin - (byte / 255) * (room - 2 * margin);
  if (min < 0 && max > 0) {
    context.fillStyle = colours.line;
    context.fillRect(0, y((-min / (max - min)) * 255), width, devicePixelRatio);
  }
  context.lineWidth = 1.25 * devicePixelRatio;
  context.lineJoin = "round";
  for (let channel = 0; channel < channels; channel++) {
    context.strokeStyle = channels === 1 ? colours.strong : (CHANNELS[channel % CHANNELS.length] ?? colours.strong); // prettier-ignore
    context.beginPath();
    for (let column = 0; column < columns; column++) {
      const x = ((column + 0.5) / columns) * width;
      const [least, most] = [low, high].map((ends) => ends[channel * columns + column] ?? 0) as [number, number]; // prettier-ignore
      context.lineTo(x, y(most));
      if (least !== most) context.lineTo(x, y(least));
    }
    context.stroke();
  }
}

/** Numbers of steps at round distances. */
function paintAxis(
  context: CanvasRenderingContext2D,
  { steps, colours }: SeriesLook,
  floor: number,
): void {
  const { width } = context.canvas;
  const dpr = devicePixelRatio;
  const every = roundStep(steps / Math.max(2, Math.floor(width / dpr / 90)));
  context.fillStyle = colours.muted;
  context.font = `${11 * dpr}px ${colours.font}`;
  context.textBaseline = "bottom";
  for (let step = 0; step < steps; step += every) {
    const x = (step / steps) * width;
    context.fillRect(x, floor, dpr, 4 * dpr);
    context.fillText(String(step), x + 3 * dpr, floor + AXIS * dpr);
  }
}
/** 1, 2 or 5 times a power of ten, at least 1. */
function roundStep(wanted: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, wanted)));
  return [1, 2, 5, 10].map((by) => by * power).find((step) => step >= wanted) ?? 10 * power;
}
