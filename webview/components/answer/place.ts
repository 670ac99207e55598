/** Where in an output is asked about, on its picture: what a click or a line around something means, and where the place lies. */
import { at } from "../../../src/base/at.ts";
import { toldBoxes } from "../../../src/shared/answers.ts";
import type { Pair } from "../../../src/graph/ops/attributes.ts";
import type { DetectedBox, OutputSummary } from "../../../src/shared/contract/outputs.ts";
import { MOST_CORNERS, whereOf, whereText, type Where } from "../../../src/shared/where.ts";
import type { PlaceOn } from "../../common/drawing/index.ts";
import type { App } from "../../common/state/index.ts";
import type { PicturePoint } from "../picture/picture.ts";

/** The output that is looked at. */
export function outputOf({ summary, intent }: App): OutputSummary | null {
  const { outputs } = summary;
  return outputs.find(({ name }) => name === intent.output) ?? outputs[0] ?? null;
}

/** Places of an output side by side on the picture, each a target. */
interface Lattice {
  readonly grid: Pair;
  readonly target: (row: number, column: number) => string;
  /** Row and column of a place; null: it is none of these. */
  readonly cell: (where: Where | null) => Pair | null;
  /** A line around some of them is a target, too. */
  readonly surrounded: boolean;
}

/** null: its places do not lie on the picture. */
export function latticeOf(app: App): Lattice | null {
  const { grid = null, tokens = null } = outputOf(app) ?? {};
  if (grid)
    return {
      ...{ grid, surrounded: true },
      target: (row, column) => whereText({ kind: "pixel", row, column }),
      cell: (where) => (where?.kind === "pixel" ? [where.row, where.column] : null),
    };
  if (!tokens) return null;
  const [rows, columns] = tokens.grid;
  return {
    ...{ grid: tokens.grid, surrounded: false },
    target: (row, column) =>
      whereText({ kind: "token", token: tokens.first + row * columns + column }),
    cell: (where) => {
      const place = where?.kind === "token" ? where.token - tokens.first : -1;
      return place >= 0 && place < rows * columns
        ? [Math.floor(place / columns), place % columns]
        : null;
    },
  };
}

/** What of the target stays chosen where another place is: a number of its numbers, where these are no classes. */
export const classesKept = (app: App): readonly number[] =>
  outputOf(app)?.classes === null && outputOf(app)?.kind !== "detection" ? app.intent.classes : [];

/** Boxes of a detector that lie on its picture. */
export function boxesOf({ prediction }: App): readonly DetectedBox[] {
  const answer = prediction?.answer;
  return answer?.kind === "detection" ? toldBoxes(answer).filter(({ rect }) => rect !== null) : [];
}

/** Whether a click on the picture chooses something. */
export const isPointed = (app: App): boolean => latticeOf(app) !== null || boxesOf(app).length > 0;

/** What a click on the picture means: the smallest box around the point, or the position there; null: nothing. */
export function pointed(app: App, { u, v }: PicturePoint): string | null {
  const { picture } = app;
  const lattice = latticeOf(app);
  if (lattice) {
    const [rows, columns] = lattice.grid;
    return lattice.target(Math.floor(v * rows), Math.floor(u * columns));
  }
  if (!picture) return null;
  const [x, y] = [u * picture.width, v * picture.height];
  const around = boxesOf(app).filter(
    ({ rect }) =>
      rect && x >= rect.x && y >= rect.y && x < rect.x + rect.width && y < rect.y + rect.height,
  );
  const area = ({ rect }: DetectedBox): number => (rect ? rect.width * rect.height : 0);
  const [smallest] = around.toSorted((a, b) => area(a) - area(b));
  return smallest ? whereText({ kind: "box", box: smallest.box }) : null;
}

/** What a line around something means: the positions in it; null where the output has none, or the line goes round nothing. */
export function surrounded(app: App, line: readonly PicturePoint[]): string | null {
  const grid = outputOf(app)?.grid;
  if (!grid) return null;
  const [rows, columns] = grid;
  const every = Math.ceil(line.length / MOST_CORNERS);
  const corners = line
    .filter((_, i) => i % every === 0)
    .map(({ u, v }) => [Math.floor(v * rows), Math.floor(u * columns)] as const)
    .filter((one, i, all) => i === 0 || one.join() !== at(all, i - 1).join());
  return corners.length > 2 ? whereText({ kind: "polygon", corners }) : null;
}

/** Where the place that is asked about lies on the picture; null: nowhere in particular. */
export function placeOn(app: App, target: string | null): PlaceOn | null {
  const where = target === null ? null : whereOf(target);
  const { picture } = app;
  const grid = outputOf(app)?.grid ?? null;
  const lattice = latticeOf(app);
  const cell = lattice?.cell(where) ?? null;
  const middle = (row: number, column: number, [rows, columns]: readonly [number, number]) =>
    [(column + 0.5) / columns, (row + 0.5) / rows] as const;
  if (where?.kind === "box" && picture) {
    const rect = boxesOf(app).find(({ box }) => box === where.box)?.rect;
    if (!rect) return null;
    const [left, right] = [rect.x, rect.x + rect.width].map((x) => x / picture.width);
    const [top, bottom] = [rect.y, rect.y + rect.height].map((y) => y / picture.height);
    if (left === undefined || right === undefined || top === undefined || bottom === undefined)
      return null;
    return {
      kind: "outline",
      closed: true,
      corners: [
        [left, top],
        [right, top],
        [right, bottom],
        [left, bottom],
      ],
    };
  }
  if (lattice && cell) return { kind: "ring", centre: middle(...cell, lattice.grid) };
  if (where?.kind === "polygon" && grid) {
    const corners = where.corners.map(([row, column]) => middle(row, column, grid));
    return { kind: "outline", closed: true, corners };
  }
  return null;
}
