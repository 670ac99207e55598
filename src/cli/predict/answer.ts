/** What an output says that is no row of class scores: for machines, for people, and drawn. */
import { drawAnswer, encodePng } from "../../pictures/index.ts";
import { nameOf, SUPPRESSIONS, toldBoxes } from "../../shared/answers.ts";
import { colourText } from "../../shared/class-colours.ts";
import type { Picture } from "../../shared/contract/lenses.ts";
import type { Answer, DetectedBox, OutputKind } from "../../shared/contract/outputs.ts";
import type { Artifacts } from "../output/artifacts.ts";
import { percent, shapeText, short, table } from "../output/table.ts";

/** How an answer of one kind is told. */
interface Telling<A extends Answer> {
  readonly document: (answer: A) => Record<string, unknown>;
  readonly text: (answer: A) => string;
}
type Tellings = { readonly [K in OutputKind]: Telling<Extract<Answer, { kind: K }>> };

const numbers = (list: readonly number[]): string => list.map(short).join(", ");

const TELLINGS: Tellings = {
  classes: { document: () => ({}), text: () => "" },
  regression: {
    document: ({ values }) => ({ values, ...(values.length === 1 && { value: values[0] }) }),
    text: ({ values }) =>
      table(
        ["unit", "value"],
        values.map((value, i) => [String(i), short(value)]),
      ),
  },
  embedding: {
    document: ({ size, norm, first }) => ({ size, norm, first }),
    text: ({ size, norm, first }) =>
      `${size} numbers of length ${short(norm)}: ${numbers(first)}${first.length < size ? ", …" : ""}`,
  },
  segmentation: {
    document: ({ grid, areas }) => ({
      grid,
      areas: areas.map((area) => ({ ...area, colour: colourText(area.index) })),
    }),
    text: ({ grid, areas }) =>
      [
        `the most likely class at ${grid.join(" x ")} positions`,
        table(
          ["class", "label", "positions", "share", "colour"],
          areas.map((area) => [
            ...[String(area.index), area.label ?? "", String(area.positions)],
            ...[percent(area.share), colourText(area.index)],
          ]),
        ),
      ].join("\n"),
  },
  detection: {
    document: ({ boxes, best, ...found }) => ({
      ...{ boxes: boxes.map(flat), best: best && flat(best), ...found },
    }),
    text: ({ thresholds, suppression, candidates, read, ...found }) => {
      const { boxes } = found;
      return [
        table(
          ["box", "class", "label", "score", "colour", "x", "y", "width", "height"],
          toldBoxes(found).map((box) => [
            ...[
              String(box.box),
              String(box.class.index),
              box.class.label ?? "",
              percent(box.score),
              colourText(box.class.index),
            ],
            ...(box.rect
              ? [box.rect.x, box.rect.y, box.rect.width, box.rect.height].map(short)
              : ["", "", "", ""]),
          ]),
        ),
        boxes.length > 0
          ? `${candidates} boxes have a score of at least ${thresholds.score} (--score); ${boxes.length} are left: ${SUPPRESSIONS[suppression](`${thresholds.iou} (--iou)`)}`
          : `no box has a score of at least ${thresholds.score} (--score); this is the surest`,
        read,
      ].join("\n");
    },
  },
  "heat-maps": {
    document: ({ points, grid }) => ({ grid, points }),
    text: ({ points, grid }) =>
      [
        `the highest cell of each map of ${grid.join(" x ")}`,
        table(
          ["point", "label", "row", "column", "value"],
          points.map(({ index, label, row, column, value }) => [
            ...[String(index), label ?? "", String(row), String(column), short(value)],
          ]),
        ),
      ].join("\n"),
  },
  sequence: {
    document: ({ steps, symbols, blank, text }) => ({
      ...{ steps, symbols: symbols.map(({ index }) => index), blank },
      ...(text !== null && { text }),
    }),
    text: ({ steps, symbols, blank, text }) =>
      [
        `${steps.length} steps, the best symbol of each: ${steps.map(({ index }) => index).join(" ")}`,
        `without repeats and the blank (${blank}): ${text ?? symbols.map(nameOf).join(" ")}`,
      ].join("\n"),
  },
  unknown: {
    document: ({ shape, min, max, mean, first }) => ({ shape, min, max, mean, first }),
    text: ({ shape, min, max, mean, first }) =>
      `${shapeText(shape)} numbers from ${short(min)} to ${short(max)}, mean ${short(mean)}: ${numbers(first)}, …`,
  },
};

const flat = ({ box, class: own, score, rect }: DetectedBox): Record<string, unknown> => ({
  ...{ box, class: own.index, label: own.label, score, colour: colourText(own.index), ...rect },
});

const telling = ({ kind }: Answer): Telling<Answer> => TELLINGS[kind] as Telling<Answer>;

/** For the JSON document: no class is one that is none. */
export const answerDocument = (answer: Answer): Record<string, unknown> => ({
  ...{ kind: answer.kind, classes: [] },
  ...telling(answer).document(answer),
});

/** For people, with the number of the picture where there are several. */
export const answerText = (answer: Answer, picture: number | null): string =>
  `${picture === null ? "" : `picture ${picture}\n`}${telling(answer).text(answer)}`;

/** `boxes.png`, `mask.png`, `points.png`: where there is a picture to draw on. */
export async function keepDrawn(
  artifacts: Artifacts,
  answer: Answer,
  view: Picture | null,
  picture: number | null,
): Promise<void> {
  const drawn = view && drawAnswer(answer, view);
  if (!drawn) return;
  const { name, rgb } = drawn;
  const file = picture === null ? name : `${name}_${picture}`;
  await artifacts.picture(file, () => encodePng(rgb, view.width, view.height, 3));
}
