/** From a detector's numbers to boxes. */
import { at } from "../../base/at.ts";
import type { FloatTensor } from "../../base/tensor.ts";
import type { BoxChoice, Pair } from "../../graph/index.ts";
import type { Answer, DetectedBox, Named, Thresholds } from "../../shared/contract/outputs.ts";
import { scoresOf } from "./box-scores.ts";
import { peaks, suppressed, type Limits } from "./suppress.ts";
import type { BoxForm, Output } from "./types.ts";

/** Where nothing else is asked for. */
export const USUAL_THRESHOLDS: Thresholds = { score: 0.25, iou: 0.45 };
const MOST_CANDIDATES = 2000;
/** A file's own suppression has a limit of what is left, so that more of them can be looked at. */
const MOST_CHOSEN = 20_000;
const MOST_BOXES = 300;

/** What a detector's outputs say, each [1, places, numbers]; `coordinates` and `ids` where they are outputs of their own. */
export interface DetectorTables {
  readonly scores: FloatTensor;
  readonly coordinates: FloatTensor | null;
  readonly ids: FloatTensor | null;
}
type Rect = NonNullable<DetectedBox["rect"]>;

/** What the boxes are told of: a picture of `size` pixels, and the names of classes. */
interface Drawn {
  readonly size: Pair;
  readonly thresholds: Thresholds;
  readonly name: (index: number) => Named;
  readonly labels: readonly string[] | null;
}

/** The boxes of a picture. */
export function detected(
  output: Output,
  tables: DetectorTables,
  { size, thresholds, name, labels }: Drawn,
): Answer & { readonly kind: "detection" } {
  const { places, numbers, boxes } = output;
  const { data } = tables.scores;
  const scores = scoresOf(output, data, labels);
  const rects = rectsOf(output, tables, size);
  const { named: column = null, suppression = "overlap" } = boxes ?? {};
  const { chosen } = boxes ?? {};
  const all = Array.from({ length: places }, (_, box): DetectedBox[] => {
    const row = data.subarray(box * numbers, (box + 1) * numbers);
    const named = column === null ? null : at(row, column);
    const rect = rects.of(box);
    const scored = chosen?.classes === "each" ? scores.each(row) : [scores.of(row)];
    return scored.map(({ best, score }) => {
      const index = tables.ids ? at(tables.ids.data, box) : (named ?? best);
      return { box, class: name(Math.round(index)), score, rect };
    });
  }).flat();
  const ordered = all.toSorted((a, b) => b.score - a.score);
  const candidates = ordered.filter(({ score }) => score >= thresholds.score);
  const some = candidates.slice(0, chosen ? MOST_CHOSEN : MOST_CANDIDATES);
  const left = {
    overlap: () => suppressed(some, { iou: thresholds.iou, ...limitsOf(chosen) }),
    peaks: () => peaks(some, all, boxes?.peaks ?? [1, places]),
    none: () => some,
  };
  const kept = left[suppression]().slice(0, chosen?.most ?? MOST_BOXES);
  const read = [rects.read, turnedText(kept), scores.read, chosen && chosenText(chosen)];
  return {
    ...{ kind: "detection", thresholds, suppression, candidates: candidates.length },
    ...{ boxes: kept, best: ordered[0] ?? null },
    read: read.filter(Boolean).join(" "),
  };
}

/** Sides below 0: corners in another order than they are read in. */
function turnedText(boxes: readonly DetectedBox[]): string {
  const turned = boxes.filter(({ rect }) => rect && (rect.width < 0 || rect.height < 0)).length;
  return turned > 0
    ? `${turned} of these ${boxes.length} boxes end before they begin, so the order of the coordinates may be another.`
    : "";
}

const limitsOf = (chosen: BoxChoice | undefined): Omit<Limits, "iou"> => ({
  across: chosen?.classes === "any",
  mostOfClass: chosen?.mostOfClass ?? null,
});

/** What is taken of the file's own suppression. */
function chosenText({ operation, assumed, classes, ...limits }: BoxChoice): string {
  const told = [
    limits.score !== null && `a score of at least ${short(limits.score)}`,
    limits.iou !== null && `an IoU of at most ${short(limits.iou)}`,
    limits.mostOfClass !== null && `at most ${limits.mostOfClass} boxes of a class`,
    limits.most !== null && `at most ${limits.most} boxes`,
  ].filter((one) => one !== false);
  const own =
    told.length > 0
      ? `Where nothing else is said, '${operation}' asks for ${told.join(", ")}.`
      : "";
  const any = classes === "any" ? "Boxes of different classes suppress each other too." : "";
  return [own, any, assumed].filter(Boolean).join(" ");
}
const short = (value: number): string => String(Number(value.toPrecision(3)));

/** Left, top, width and height of four numbers. */
const RECTS: Readonly<Record<Exclude<BoxForm, "not decoded">, (n: readonly number[]) => Rect>> = {
  centre: ([x = NaN, y = NaN, width = NaN, height = NaN]) => ({
    ...{ x: x - width / 2, y: y - height / 2, width, height },
  }),
  corners: ([x = NaN, y = NaN, right = NaN, bottom = NaN]) => ({
    ...{ x, y, width: right - x, height: bottom - y },
  }),
  "corners, y first": ([y = NaN, x = NaN, bottom = NaN, right = NaN]) => ({
    ...{ x, y, width: right - x, height: bottom - y },
  }),
};

function rectsOf(
  { boxes, numbers }: Output,
  { scores, coordinates }: DetectorTables,
  [height, width]: Pair,
): { readonly of: (box: number) => Rect | null; readonly read: string } {
  const form = boxes?.coordinates?.form ?? "not decoded";
  const first = boxes?.coordinates?.from ?? 0;
  if (form === "not decoded")
    return {
      of: () => null,
      read: boxes?.read ?? "The file's boxes are decoded outside it, so only scores are told.",
    };
  const { data } = coordinates ?? scores;
  const step = coordinates ? 4 : numbers;
  const four = (box: number): number[] => [
    ...data.subarray(box * step + first, box * step + first + 4),
  ];
  // shares of the picture, or pixels of it
  const shares =
    boxes?.pixels !== true &&
    Array.from({ length: data.length / step }, (_, box) => four(box)).every((row) =>
      row.every((value) => Math.abs(value) <= 2),
    );
  const [right, down] = shares ? [width, height] : [1, 1];
  return {
    of: (box) => {
      const { x, y, ...size } = RECTS[form](four(box));
      return { x: x * right, y: y * down, width: size.width * right, height: size.height * down };
    },
    read:
      boxes?.read ??
      `Coordinates are read as ${form === "centre" ? "centre and size" : form}, in ${shares ? "shares of the picture" : "pixels"}.`,
  };
}
