/** Heads without anchors whose sides are distributions over distances: YOLOv8 and later, before decoding. */
import { at } from "../../../base/at.ts";
import type { GraphBuilder, NodeId } from "../../../graph/index.ts";
import { piecesOf } from "../pieces.ts";
import type { Decoded } from "./decoded.ts";
import { below, cellsOf, columns, constant, eachCell, type Head } from "./heads.ts";

/** Numbers of one cell. */
interface Form {
  /** Distances that each side is a distribution over. */
  readonly bins: number;
  readonly classes: number;
}

/** The parts of each grid: sides and classes in one output, or in two. */
interface Level {
  readonly sides: Head;
  readonly scores: Head | null;
}

/** Ultralytics' own number of distances: what two outputs of a grid have to show. */
const USUAL_BINS = 16;

/**
 * Boxes of heads with a distribution over distances for each side of a box ("Generalized Focal Loss", Li et al. 2020): its mean, in strides
 * from the cell's centre. null: the outputs are no such heads.
 */
export function fromDistances(builder: GraphBuilder, heads: readonly Head[]): Decoded | null {
  const found = joined(heads) ?? apart(heads);
  if (!found) return null;
  const { levels, form } = found;
  const { bins, classes } = form;
  const sides = levels.map(({ sides: head, scores }) => {
    const cells = cellsOf(builder, head);
    return scores ? [cells, cellsOf(builder, scores)] : parted(builder, cells, form);
  });
  const spread = below(
    builder,
    sides.map(([own]) => own ?? ""),
  );
  const scores = below(
    builder,
    sides.map(([, own]) => own ?? ""),
  );
  const grids = levels.map((level) => level.sides);
  const [batch = null, places] = builder.shape(spread);
  const far = builder.add("reshape", "sides", [spread], { shape: [batch, places ?? 1, 4, bins] });
  const shares = builder.add("softmax", "sides", [far]);
  const counts = builder.constant(
    { dtype: "float32", shape: [bins], data: Float32Array.from({ length: bins }, (_, i) => i) },
    "distances",
  );
  const weighted = builder.add("mul", "sides", [shares, counts]);
  const mean = builder.add("sum", "sides", [weighted], { axes: [3], keepDims: false });
  const centre = constant(
    builder,
    eachCell(grids, ({ row, column }) => [column + 0.5, row + 0.5]),
    2,
  );
  const strides = constant(
    builder,
    eachCell(grids, ({ stride: [down, right] }) => [right, down, right, down]),
    4,
  );
  const low = builder.add("sub", "corner", [centre, columns(builder, mean, 0, 2)]);
  const high = builder.add("add", "corner", [centre, columns(builder, mean, 2, 4)]);
  const corners = builder.add("concat", "corners", [low, high], { axis: 2 });
  const boxes = builder.add("mul", "boxes", [corners, strides]);
  const sure = builder.add("sigmoid", "scores", [scores]);
  const names = levels.map(({ sides: { facts } }) => `'${facts.spec.name}'`).join(", ");
  return {
    node: builder.add("concat", "decoded", [boxes, sure], { axis: 2 }),
    outputs: levels.flatMap(({ sides: one, scores: two }) => [
      one.output,
      ...(two ? [two.output] : []),
    ]),
    why: `Each cell of ${names} has a distribution over ${bins} distances for each side of a box, and ${classes} class scores.`,
    read: `Boxes are decoded from the raw heads: the mean distance of each side in strides (${grids.map(({ stride }) => at(stride, 0)).join(", ")} pixels) from the cell's centre.`,
    guessed: found.guessed,
    ...{ form: "corners", objectness: null, classes: [4, 4 + classes], suppression: "overlap" },
  };
}

function parted(builder: GraphBuilder, cells: NodeId, { bins, classes }: Form): NodeId[] {
  return [
    columns(builder, cells, 0, 4 * bins),
    columns(builder, cells, 4 * bins, 4 * bins + classes),
  ];
}

type Found = { readonly levels: Level[]; readonly form: Form; readonly guessed: boolean };

/** Sides and classes side by side in one map of each grid. */
function joined(heads: readonly Head[]): Found | null {
  const [first] = heads;
  if (!first) return null;
  const forms = heads.map(({ facts, map }) => {
    const pieces = piecesOf(facts.byId, facts.spec.node, map.axis);
    const [sides, classes, ...more] = pieces?.map(({ size }) => size) ?? [];
    if (sides === undefined || classes === undefined || more.length > 0) return null;
    const raw = pieces?.every(({ end }) => end.activation === null) ?? false;
    return raw && sides % 4 === 0 && sides >= 16 ? { bins: sides / 4, classes } : null;
  });
  const [form] = forms;
  const alike = forms.every((one) => one?.bins === form?.bins && one?.classes === form?.classes);
  if (!form || !alike || heads.some(({ map }) => map.apart !== null)) return null;
  return { form, guessed: false, levels: heads.map((sides) => ({ sides, scores: null })) };
}

/** A map of sides and a map of classes for each grid, as exporters for small devices cut the network. */
function apart(heads: readonly Head[]): Found | null {
  const sides = heads.filter(({ map }) => map.numbers === 4 * USUAL_BINS && map.apart === null);
  const levels = sides.flatMap((own): Level[] => {
    const scores = heads.filter(
      (head) => head !== own && head.map.cells === own.map.cells && head.map.numbers > 1,
    );
    const [one] = scores;
    return one && scores.length === 1 ? [{ sides: own, scores: one }] : [];
  });
  const [first] = levels;
  const classes = first?.scores?.map.numbers;
  const alike = levels.every(({ scores }) => scores?.map.numbers === classes);
  const whole = levels.length === sides.length && levels.length > 1 && alike;
  const raw = heads.every(({ facts }) => facts.end.activation !== "softmax");
  if (!whole || !raw || classes === undefined) return null;
  return { levels, form: { bins: USUAL_BINS, classes }, guessed: true };
}
