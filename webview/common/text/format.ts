import type { LayerSummary } from "../../../src/shared/contract/model.ts";
import type { Preprocessing } from "../../../src/base/preprocessing.ts";
import type { Shape } from "../../../src/base/tensor.ts";
import { decimal, language, t } from "./l10n.ts";

/** 10000 -> `10,000`. */
export const grouped = (value: number): string => value.toLocaleString(language);

const UNITS = [
  [1e12, "T"],
  [1e9, "G"],
  [1e6, "M"],
  [1e3, "k"],
] as const;

/** 4652008 -> `4.65 M`. */
export function compact(value: number): string {
  for (const [size, unit] of UNITS)
    if (value >= size) return `${decimal((value / size).toPrecision(3))} ${unit}`;
  return String(value);
}

/** 4652008 -> `4.65 MB`; units are powers of 1000. */
export function bytes(value: number): string {
  if (value < 1000) return `${String(value)} B`;
  return `${compact(value)}B`;
}

/** `[null, 112, 112, 32]` -> `112 × 112 × 32`; the free batch axis is left out. */
export function shapeText(shape: Shape | null): string {
  if (!shape) return "?";
  const axes = shape[0] === null ? shape.slice(1) : shape;
  return axes.map((axis) => axis ?? "?").join(" × ") || t("scalar");
}

type Shaped = Pick<LayerSummary, "outputShape" | "weights" | "opaque" | "blockedBy">;

/** What a layer gives; in a file of weights alone, which tells no network, the arrays that it keeps: all, or the largest. */
export function layerShape(layer: Shaped, which: "all" | "largest" = "all"): string {
  const { outputShape, weights, opaque, blockedBy } = layer;
  const unknown = opaque !== null || blockedBy.length > 0 || weights.length === 0;
  if (outputShape || unknown) return shapeText(outputShape);
  const texts = weights.map(({ shape }) => shape.join(" × ") || t("scalar"));
  if (which === "all") return texts.join(", ");
  const sizes = weights.map(({ shape }) => shape.reduce((n, size) => n * size, 1));
  return texts[sizes.indexOf(Math.max(...sizes))] ?? "";
}

/** A number for reading: about `digits` significant ones, never more than needed, a real minus sign. */
export function num(value: number, digits = 4): string {
  if (!Number.isFinite(value)) return String(value);
  if (value === 0) return "0";
  const size = Math.abs(value);
  const text =
    size >= 1e6 || size < 1e-4 ? value.toExponential(digits - 2) : trimmed(value, digits);
  return decimal(text.replace(/^-/, "−"));
}

function trimmed(value: number, digits: number): string {
  const text = value.toPrecision(digits);
  return text.includes("e") ? String(Math.round(value)) : text;
}

/** As few characters as possible, for a cell of a drawn matrix: `−.42`, `1.3`, `12`. */
export function tiny(value: number): string {
  const size = Math.abs(value);
  const sign = value < 0 ? "−" : "";
  if (size < 0.005) return size === 0 ? "0" : decimal(`${sign}.00`);
  if (size < 0.995) return `${sign}${decimal(size.toFixed(2).slice(1))}`;
  if (size < 9.95) return `${sign}${decimal(size.toFixed(1))}`;
  if (size < 9999) return `${sign}${size.toFixed(0)}`;
  return `${sign}${size.toExponential(0).replace("+", "")}`;
}

/** 0.123 -> `12 %`; what is not quite 0 or 1 is never rounded to it. */
export function percent(fraction: number): string {
  const value = fraction * 100;
  if (value === 0) return "0 %";
  if (value > 0 && value < 0.1) return decimal("< 0.1 %");
  if (value >= 99.95 && value < 100) return decimal("> 99.9 %");
  // 99.7 is not 100
  const digits = value < 10 || (value > 99 && value < 100) ? 1 : 0;
  return decimal(`${value.toFixed(digits)} %`);
}

/** A probability that was worked towards, to a tenth of a per cent: `100.0 %`. */
export const reachedText = (probability: number): string =>
  decimal(`${(probability * 100).toFixed(1)} %`);

/** 0.0123 -> `12 ms`, 12.34 -> `12.3 s`. */
export function duration(seconds: number): string {
  if (seconds < 0.0995) return decimal(`${(seconds * 1000).toPrecision(2)} ms`);
  return seconds < 1 ? `${(seconds * 1000).toFixed(0)} ms` : decimal(`${seconds.toPrecision(3)} s`);
}

/** `RGB · pixel / 127.5 − 1 · crop` */
export function preprocessingText(p: Preprocessing): string {
  const order = p.order === "gray" ? t("gray") : p.order.toUpperCase();
  const size = p.size ? ` · ${p.size.join(" x ")}` : "";
  const kept = p.cropped === undefined ? "" : decimal(` ${Number((100 * p.cropped).toFixed(1))} %`);
  const how = p.interpolation === undefined ? "" : ` · ${p.interpolation}`;
  return `${order} · ${formula(p)} · ${t(p.fit === "crop" ? "crop" : "squash")}${kept}${how}${size}`;
}

/** The scaling in words a person would write: `(pixel / 255 − mean) / std`; numbers with a point, as they are typed. */
export function formula(p: Pick<Preprocessing, "scale" | "mean" | "std">): string {
  const inverse = 1 / p.scale;
  const pixel = t("pixel");
  const scaled =
    p.scale === 1
      ? pixel
      : Math.abs(inverse - Number(inverse.toFixed(3))) < 1e-9
        ? `${pixel} / ${String(Number(inverse.toFixed(3)))}`
        : `${pixel} × ${String(Number(p.scale.toPrecision(4)))}`;
  const shifted = p.mean.every((m) => m === 0) ? scaled : `${scaled} − ${list(p.mean)}`;
  if (p.std.every((s) => s === 1)) return shifted;
  return shifted === scaled ? `${scaled} / ${list(p.std)}` : `(${shifted}) / ${list(p.std)}`;
}

function list(values: readonly number[]): string {
  const [first, ...others] = new Set(values);
  return first !== undefined && others.length === 0 ? String(first) : `[${values.join(", ")}]`;
}
