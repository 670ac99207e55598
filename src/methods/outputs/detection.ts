/** Detectors whose boxes are the rows or the columns of one output: YOLO and what is exported like it. */
import type { Pair } from "../../graph/index.ts";
import { formByColumns, shareLayer } from "./columns.ts";
import { piecesOf, type Piece } from "./pieces.ts";
import type { Axis, BoxForm, Facts } from "./types.ts";

/** How the boxes of one output are read. */
export interface BoxTable {
  readonly why: string;
  readonly guessed: boolean;
  readonly boxes: Axis;
  readonly numbers: Axis;
  readonly objectness: number | null;
  readonly classes: readonly [from: number, to: number];
  readonly form: Exclude<BoxForm, "not decoded">;
  /** Column with a class' number. */
  readonly named: number | null;
}

/** The table of an output with two axes; null where nothing says that its rows are boxes. `masks`: numbers of a mask's prototypes. */
export function boxTable(facts: Facts, masks: number): BoxTable | null {
  const { axes, byId, spec, labels, picture } = facts;
  const [first, second, ...more] = axes;
  if (!first || !second || more.length > 0) return null;
  const task = /^(detect|segment|pose|obb)$/.test(facts.graph.task ?? "");
  const split = [first, second].map((axis) => {
    const pieces = piecesOf(byId, spec.node, axis.index);
    return pieces && areColumns(pieces) ? { axis, pieces } : null;
  });
  const parts = split[1] ?? split[0] ?? null;
  const numbers = parts?.axis ?? (first.size < second.size ? first : second);
  const boxes = numbers === first ? second : first;
  const count = numbers.size - masks;
  const fits = labels !== null && (count === labels + 5 || count === labels + 4);
  const grids = picture && gridsOf(boxes.size, picture);
  const sequence = [first, second].some(({ along }) => along === "columns" || along === "rows");
  const why = parts
    ? `Its ${numbers.size} columns are coordinates and scores put side by side (${parts.pieces.map(({ size }) => size).join(" + ")})`
    : task
      ? `The file says that the network's task is '${facts.graph.task}'`
      : fits && boxes.size > 1
        ? `Its ${numbers.size} columns are coordinates and scores of the ${labels} named classes`
        : null;
  const cells = grids && `${boxes.size} boxes are ${grids}`;
  const nobodyKnows = cells === null || sequence || facts.end.maker === "not run";
  if ((why === null && nobodyKnows) || count < 5) return null;
  // in the file's own order: boxes before their numbers have an objectness, numbers before boxes have none
  const moved = spec.fileShape?.[0] === null;
  const boxesFirst = boxes.index < numbers.index !== moved;
  const column = columnsOf(parts?.pieces ?? null, {
    ...{ count, labels, boxesFirst, cells },
    shared: () => shareLayer(facts, numbers.index, [0, 4], [4, count]),
  });
  const form = formByColumns(facts, numbers.index);
  return {
    ...{ boxes, numbers, ...column },
    form: column.named === null && form !== "corners" ? "centre" : "corners",
    why: `${[why, cells].filter(Boolean).join("; ")}.`,
    guessed: why === null,
  };
}

/** Coordinates (4 numbers, in one piece or two) and, of another kind, scores. */
function areColumns(pieces: readonly Piece[]): boolean {
  const [first, second] = pieces;
  if (!first || !second) return false;
  return first.size === 4 || (first.size === 2 && second.size === 2 && pieces.length > 2);
}

function columnsOf(
  pieces: readonly Piece[] | null,
  {
    count,
    labels,
    boxesFirst,
    cells,
    shared,
  }: {
    count: number;
    labels: number | null;
    boxesFirst: boolean;
    cells: string | null;
    shared: () => boolean;
  },
): Pick<BoxTable, "objectness" | "classes" | "named"> {
  const sizes = pieces?.map(({ size }) => size).join();
  const { activation, maker } = pieces?.at(-1)?.end ?? {};
  // a class' number comes out of no layer
  const isNumber = activation === null && (maker === "other" || maker === "not run");
  const ofSix =
    sizes === "4,1,1"
      ? cells === null || isNumber
      : cells === null && pieces === null && count === 6 && labels !== 1;
  if (ofSix) return { objectness: null, classes: [4, 5], named: 5 };
  // coordinates of one layer and scores of another have nothing between them
  const parted = (sizes === `4,${count - 4}` || sizes === `2,2,${count - 4}`) && !shared();
  const apart = sizes?.startsWith("4,1,") === true || sizes?.startsWith("2,2,1,") === true;
  const from =
    labels !== null && count - labels === 5
      ? 5
      : labels !== null && count - labels === 4
        ? 4
        : (apart || (boxesFirst && !parted)) && count > 5
          ? 5
          : 4;
  const to = labels !== null && labels < count - from ? from + labels : count;
  return { objectness: from === 5 ? 4 : null, classes: [from, to], named: null };
}

const STRIDES = [4, 8, 16, 32, 64, 128];
const MOST_ANCHORS = 9;

/** How a number of boxes comes about as cells of grids over the picture, in words; null: it does not, or one grid alone could. */
export function gridsOf(boxes: number, [height, width]: Pair): string | null {
  for (let first = 0; first < STRIDES.length; first++) {
    let cells = 0;
    for (let last = first; last < STRIDES.length; last++) {
      const stride = STRIDES[last] ?? 1;
      if (stride > Math.max(height, width)) break;
      cells += Math.ceil(height / stride) * Math.ceil(width / stride);
      const anchors = boxes / cells;
      if (!Number.isInteger(anchors) || anchors > MOST_ANCHORS || anchors < 1) continue;
      // one grid alone is none of a detector where it is so coarse
      if (last === first && (anchors === 1 || stride > 32)) continue;
      const strides = STRIDES.slice(first, last + 1).join(", ");
      return `the cells of grids at strides ${strides}${anchors > 1 ? `, ${anchors} anchors each` : ""}`;
    }
  }
  return null;
}
