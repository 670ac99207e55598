/** Where in an output is asked about, on its picture: what a click or a line around something means, and where the place lies. */
import { at } from "../../../src/base/at.ts";
import { toldBoxes } from "../../../src/shared/answers.ts";
import type { DetectedBox, OutputSummary } from "../../../src/shared/contract/outputs.ts";
import { MOST_CORNERS, whereOf, whereText } from "../../../src/shared/where.ts";
import type { PlaceOn } from "../../common/drawing/index.ts";
import type { App } from "../../common/state/index.ts";
import type { PicturePoint } from "../picture/picture.ts";

/** The output that is looked at. */
export function outputOf({ summary, intent }: App): OutputSummary | null {
  const { outputs } = summary;
  return outputs.find(({ name }) => name === intent.output) ?? outputs[0] ?? null;
}

/** Boxes of a detector that lie on its picture. */
export function boxesOf({ prediction }: App): readonly DetectedBox[] {
  const answer = prediction?.answer;
  return answer?.kind === "detection" ? toldBoxes(answer).filter(({ rect }) => rect !== null) : [];
}

/** Whether a click on the picture chooses something. */
export const isPointed = (app: App): boolean =>
  (outputOf(app)?.grid ?? null) !== null || boxesOf(app).length > 0;

/** What a click on the picture means: the smallest box around the point, or the position there; null: nothing. */
export function pointed(app: App, { u, v }: PicturePoint): string | null {
  const { picture } = app;
  const grid = outputOf(app)?.grid;
  if (grid) {
    const [row, column] = [Math.floor(v * grid[0]), Math.floor(u * grid[1])];
    return whereText({ kind: "pixel", row, column });
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
  if (where?.kind === "pixel" && grid)
    return { kind: "ring", centre: middle(where.row, where.column, grid) };
  if (where?.kind === "polygon" && grid) {
    const corners = where.corners.map(([row, column]) => middle(row, column, grid));
    return { kind: "outline", closed: true, corners };
  }
  return null;
}
