import { inverseTransform } from "./idct.ts";
import { largestFactors, type Frame } from "./segments.ts";
import { mixesRows, upsampler, type Upsample } from "./upsample.ts";

/** One colour of a frame while it is decoded: its blocks, and the last two strips of its samples. A strip is one row of MCUs. */
export interface Plane {
  readonly id: number;
  readonly table: number;
  /** Blocks of an MCU, across and down. */
  readonly across: number;
  readonly down: number;
  /** Blocks that hold pixels, across and down; an MCU may reach beyond them. */
  readonly columns: number;
  readonly rows: number;
  /** Blocks of a row of MCUs, across. */
  readonly stride: number;
  /** Sample rows that are real. */
  readonly height: number;
  readonly mixesRows: boolean;
  readonly upsample: Upsample;
  /** Two strips, each of 8 * down rows of 8 * stride samples. */
  readonly samples: Uint8Array;
}

/** The planes of a frame, and how many MCUs it has. Throws for sampling that libjpeg does not read either. */
export function planesOf(frame: Frame): { planes: Plane[]; across: number; down: number } {
  const one = frame.components.length === 1;
  const largest = one ? { across: 1, down: 1 } : largestFactors(frame);
  const across = Math.ceil(frame.width / (8 * largest.across));
  const down = Math.ceil(frame.height / (8 * largest.down));
  const planes = frame.components.map((component) => {
    const [h, v] = one ? [1, 1] : [component.across, component.down];
    const [ratioX, ratioY] = [largest.across / h, largest.down / v];
    if (h > 4 || v > 4 || !Number.isInteger(ratioX) || !Number.isInteger(ratioY))
      throw new Error(
        `its colours are sampled in an odd way (${largest.across}x${largest.down} to ${h}x${v}); save it again as PNG, or as JPEG with 4:4:4 or 4:2:0`,
      );
    const samples = Math.ceil(frame.width / ratioX);
    const height = Math.ceil(frame.height / ratioY);
    const stride = across * h;
    return {
      ...{ id: component.id, table: component.table, across: h, down: v, height, stride },
      columns: Math.ceil(samples / 8),
      rows: Math.ceil(height / 8),
      mixesRows: mixesRows(ratioX, ratioY, samples),
      upsample: upsampler(ratioX, ratioY, samples, frame.width),
      samples: new Uint8Array(2 * 8 * v * 8 * stride),
    };
  });
  return { planes, across, down };
}

/** A row of a plane's samples, of the last two strips. */
function sampleRow({ samples, stride, down }: Plane, y: number): Uint8Array {
  const width = 8 * stride;
  return samples.subarray((y % (16 * down)) * width, ((y % (16 * down)) + 1) * width);
}

/** Makes samples of strip number `strip` of its coefficients. */
export function transformStrip(
  plane: Plane,
  strip: number,
  coefficients: Int16Array,
  table: Uint16Array,
): void {
  const width = 8 * plane.stride;
  for (let row = 0; row < plane.down; row++) {
    const top = ((strip % 2) * plane.down + row) * 8 * width;
    for (let column = 0; column < plane.stride; column++)
      inverseTransform(
        ...([coefficients, 64 * (row * plane.stride + column), table] as const),
        ...([plane.samples, top + 8 * column, width] as const),
      );
  }
}

/** Row `y` of the picture in one plane, as wide as the picture; `out` is used where it has to be made. */
export function pictureRow(plane: Plane, y: number, ratio: number, out: Uint8Array): Uint8Array {
  const row = Math.floor(y / ratio);
  const upper = y % ratio === 0;
  const beside = Math.min(plane.height - 1, Math.max(0, upper ? row - 1 : row + 1));
  plane.upsample(
    sampleRow(plane, row),
    sampleRow(plane, plane.mixesRows ? beside : row),
    out,
    upper,
  );
  return out;
}

/** Where among the planes the one with an identifier is. */
export function planeOf(planes: readonly Plane[], id: number): number {
  const found = planes.findIndex((plane) => plane.id === id);
  if (found < 0) throw new Error("its header is damaged");
  return found;
}
