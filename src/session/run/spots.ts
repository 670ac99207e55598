/** From where in an output is asked about to the numbers that are picked there. */
import { readPicture } from "../../pictures/index.ts";
import { directionOf, type Output, type Spot } from "../../methods/outputs/index.ts";
import { at } from "../../base/at.ts";
import { axes } from "../../base/axes.ts";
import { inputError, usageError } from "../../base/errors.ts";
import type { FloatTensor } from "../../base/tensor.ts";
import { positionsInside } from "../../shared/polygon.ts";
import type { Where } from "../../shared/where.ts";
import type { Pick } from "../open/outputs.ts";
import { unitCount } from "./words.ts";

/** What a place needs to know of a picture. */
export interface Seen {
  readonly output: Output;
  /** All that the output says, [1, places, numbers], before its activation where it has one. */
  readonly scores: () => Promise<FloatTensor>;
  /** The output's own values [1, places, numbers] for another picture. */
  readonly ofPicture: (file: string) => Promise<FloatTensor>;
}

type Spots = {
  readonly [K in Where["kind"]]: (
    where: Extract<Where, { kind: K }>,
    seen: Seen,
  ) => Pick | Promise<Pick>;
};

const place = (index: number): Pick => ({ spot: { kind: "place", place: index } });

const SPOTS: Spots = {
  box: ({ box, unit }, { output }) => {
    inside("Box", box, output.places, output);
    if (unit === undefined) return place(box);
    inside("Number", unit, output.numbers, output);
    return { ...place(box), number: unit };
  },
  pixel: ({ row, column }, { output }) => {
    const [rows, columns] = gridOf(output, "pixel");
    inside("Row", row, rows, output);
    inside("Column", column, columns, output);
    return place(row * columns + column);
  },
  token: ({ token }, { output }) => {
    inside("Token", token, output.places, output);
    return place(token);
  },
  unit: ({ unit }, { output }) => {
    inside("Unit", unit, unitCount(output), output);
    if (output.grid) return { spot: { kind: "mean" }, number: unit };
    const { numbers } = output;
    return { ...place(Math.floor(unit / numbers)), number: unit % numbers };
  },
  mean: () => ({ spot: { kind: "mean" } }),
  like: async ({ file }, { output, ofPicture }) => {
    const direction = directionOf(output, await ofPicture(file));
    if (direction) return { spot: { kind: "mean" }, direction };
    throw inputError(`The embedding of ${file} is 0 throughout: nothing is like it.`);
  },
  region: async ({ file }, { output }) => ({
    spot: { kind: "region", weights: await markedIn(file, gridOf(output, "region")) },
  }),
  polygon: ({ corners }, { output }) => {
    const [rows, columns] = gridOf(output, "polygon");
    for (const [row, column] of corners) {
      inside("Row", row, rows, output);
      inside("Column", column, columns, output);
    }
    return { spot: { kind: "region", weights: positionsInside(corners, [rows, columns]) } };
  },
  predicted: async (_, { output, scores }) => ({
    spot: { kind: "predicted", masks: masksOf(output, await scores()) },
  }),
};

/** The spot of a place. Throws a ConvLensError for one that the output does not have. */
export async function spotOf(where: Where, seen: Seen): Promise<Pick> {
  const spot = SPOTS[where.kind] as (where: Where, seen: Seen) => Pick | Promise<Pick>;
  return spot(where, seen);
}

function inside(what: string, index: number, count: number, { spec }: Output): void {
  if (!Number.isInteger(index) || index < 0 || index >= count)
    throw usageError(`${what} ${index} is outside 0..${count - 1} of the output '${spec.name}'.`);
}

function gridOf({ grid, spec, kind }: Output, what: string): readonly [number, number] {
  if (grid) return grid;
  throw usageError(
    `The output '${spec.name}' (${kind}) has no rows and columns, so there is no ${what} in it.`,
  );
}

/** 1 where a picture is not black, at the centres of the cells of a grid. */
async function markedIn(
  file: string,
  [rows, columns]: readonly [number, number],
): Promise<Float32Array> {
  const picture = await readPicture(file);
  const centres = (cells: number, pixels: number): Int32Array =>
    Int32Array.from({ length: cells }, (_, cell) => Math.floor(((cell + 0.5) * pixels) / cells));
  const rgb = await picture.reduce({
    kind: "sample",
    rows: centres(rows, picture.height),
    columns: centres(columns, picture.width),
  });
  const weights = Float32Array.from({ length: rows * columns }, (_, cell) =>
    Number(rgb.subarray(3 * cell, 3 * cell + 3).some((value) => value > 0)),
  );
  if (!weights.includes(1))
    throw inputError(`The region ${file} marks nothing: all of its pixels are black.`);
  return weights;
}

/** [places, classes]: 1 where a class is the most likely; of one number, where it is at most 0 and above it. */
function masksOf({ choice, classes }: Output, { shape, data }: FloatTensor): Float32Array {
  const [, places, width] = axes(shape, 3);
  if (!classes) throw new RangeError("an output without classes has no predicted ones");
  if (choice === "two")
    return Float32Array.from({ length: 2 * places }, (_, i) =>
      Number(at(data, i >> 1) > 0 === (i % 2 === 1)),
    );
  const masks = new Float32Array(places * width);
  for (let cell = 0; cell < places; cell++) {
    let best = cell * width;
    for (let i = best + 1; i < (cell + 1) * width; i++) if (at(data, i) > at(data, best)) best = i;
    masks[best] = 1;
  }
  return masks;
}

/** How many places each class of such masks has. */
export function areasOf(spot: Spot, classes: number): number[] {
  const areas = new Array<number>(classes).fill(0);
  if (spot.kind === "predicted")
    spot.masks.forEach((value, i) => (areas[i % classes] = at(areas, i % classes) + value));
  return areas;
}
