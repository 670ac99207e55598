import type { OpAttrs, ResizeAttrs } from "../../../graph/index.ts";

/** From which cells a cell of the resized axis is made: `low` with weight 1 - `mix`, `high` with `mix`. */
interface Blend {
  readonly low: number;
  readonly high: number;
  readonly mix: number;
}

function scaleOf(from: number, to: number, centres: ResizeAttrs["centres"]): number {
  return centres === "corners" && to > 1 ? (from - 1) / (to - 1) : from / to;
}
/** TensorFlow's arithmetic along one axis of `from` cells resized to `to`, in float32 as there. */
function blends(
  from: number,
  to: number,
  centres: ResizeAttrs["centres"],
  kind: "bilinear" | "nearest",
): Blend[] {
  const scale = Math.fround(scaleOf(from, to, centres));
  return Array.from({ length: to }, (_, i) => {
    if (kind === "nearest") {
      const place = Math.fround((centres === "half-pixel" ? i + 0.5 : i) * scale);
      const cell = centres === "corners" ? Math.round(place) : Math.floor(place);
      const low = Math.max(0, Math.min(cell, from - 1));
      return { low, high: low, mix: 0 };
    }
    const place = Math.fround(centres === "half-pixel" ? (i + 0.5) * scale - 0.5 : i * scale);
    const floor = Math.floor(place);
    return {
      low: Math.max(0, floor),
      high: Math.min(floor + 1, from - 1),
      mix: place - floor,
    };
  });
}

/** (dy): transposes the interpolation: every cell gives its gradient to the cells that it was blended from. */
export function resizeGradient(attrs: OpAttrs["resizeBilinearGrad"], kind: "bilinear" | "nearest") {
  const [height, width, channels] = attrs.inputSize;
  const rows = blends(height, attrs.size[0], attrs.centres, kind);
  const columns = blends(width, attrs.size[1], attrs.centres, kind);
  return (out: Float32Array, dy: Float32Array): void => {
    out.fill(0);
    const give = (to: number, from: number, weight: number): void => {
      if (weight === 0) return;
      for (let c = 0; c < channels; c++)
        out[to + c] = (out[to + c] ?? 0) + (dy[from + c] ?? 0) * weight;
    };
    const pictures = dy.length / (attrs.size[0] * attrs.size[1] * channels);
    for (let n = 0, from = 0; n < pictures; n++)
      for (const row of rows)
        for (const column of columns) {
          const [top, bottom] = [row.low, row.high].map((i) => (n * height + i) * width);
          give(((top ?? 0) + column.low) * channels, from, (1 - row.mix) * (1 - column.mix));
          give(((top ?? 0) + column.high) * channels, from, (1 - row.mix) * column.mix);
          give(((bottom ?? 0) + column.low) * channels, from, row.mix * (1 - column.mix));
          give(((bottom ?? 0) + column.high) * channels, from, row.mix * column.mix);
          from += channels;
        }
  };
}
