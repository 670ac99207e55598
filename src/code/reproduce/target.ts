/** What is differentiated, in Python: a number of the first output, at a place in it. */
import type { OutputSummary } from "../../shared/contract/outputs.ts";
import type { CamQuestion, OfOutput, Targets } from "../../shared/question.ts";
import { fileOf, whereText, type Where } from "../../shared/where.ts";
import { text } from "./types.ts";

/** How a library says it. */
export interface Dialect {
  readonly mean: (tensor: string, axes: readonly number[]) => string;
  readonly sum: (tensor: string) => string;
  /** 1 where a condition holds. */
  readonly mask: (condition: string) => string;
  readonly argmax: (tensor: string, axis: number) => string;
  readonly root: (tensor: string) => string;
  readonly flat: (tensor: string) => string;
  readonly numpy: (tensor: string) => string;
  /** A NumPy array among tensors. */
  readonly tensor: (array: string) => string;
  /** The inverse of the sigmoid. */
  readonly logit: (tensor: string) => string;
}
const tuple = (axes: readonly number[]): string => `(${axes.join(", ")},)`;
/** TensorFlow, with or without Keras. */
export const TF: Dialect = {
  mean: (tensor, axes) => `tf.reduce_mean(${tensor}, ${tuple(axes)})`,
  sum: (tensor) => `tf.reduce_sum(${tensor})`,
  mask: (condition) => `tf.cast(${condition}, tf.float32)`,
  argmax: (tensor, axis) => `tf.argmax(${tensor}, ${axis})`,
  root: (tensor) => `tf.sqrt(${tensor})`,
  flat: (tensor) => `tf.reshape(${tensor}, [-1])`,
  numpy: (tensor) => `${tensor}.numpy()`,
  tensor: (array) => array,
  logit: (tensor) => `tf.math.log(${tensor}) - tf.math.log1p(-${tensor})`,
};
/** PyTorch. */
export const TORCH: Dialect = {
  mean: (tensor, axes) => `${tensor}.mean(${tuple(axes)})`,
  sum: (tensor) => `${tensor}.sum()`,
  mask: (condition) => `(${condition}).float()`,
  argmax: (tensor, axis) => `${tensor}.argmax(${axis})`,
  root: (tensor) => `${tensor}.sqrt()`,
  flat: (tensor) => `${tensor}.reshape(-1)`,
  numpy: (tensor) => `${tensor}.detach().numpy()`,
  tensor: (array) => `torch.from_numpy(${array})`,
  logit: (tensor) => `torch.logit(${tensor})`,
};

/** Defines `CLASS`, where there are classes, and `target(scores)`. */
export interface TargetCode {
  /** Of the network's own values; else of what they are before the last activation. */
  readonly raw: boolean;
  /** Calls `say(x)`, that runs the network as said. */
  readonly lines: string;
}

/** Whether a question is about the class logits of the picture as a whole, by the first output. */
export const isOfPicture = (
  { output, where }: OfOutput,
  outputs: readonly OutputSummary[],
): boolean => output === null && where === null && (outputs[0]?.kind ?? "classes") === "classes";

/** Of the example of a batch: its axes that count places, and that of its numbers; null: not told by the shape alone. */
function axesOf({ shape, grid, places, numbers }: OutputSummary): {
  readonly places: readonly number[];
  readonly numbers: number | null;
} | null {
  const [, ...sizes] = shape;
  const wanted = grid ?? (places > 1 ? [places] : []);
  const found = sizes.flatMap((_, axis) => {
    const others = sizes.filter((__, other) => other !== axis);
    return sizes[axis] === numbers && others.join() === wanted.join() ? [axis] : [];
  });
  const [only, ...more] = found;
  if (only === undefined)
    return numbers === 1 && sizes.join() === wanted.join()
      ? { places: sizes.map((_, axis) => axis), numbers: null }
      : null;
  if (more.length > 0) return null;
  return { places: sizes.flatMap((_, axis) => (axis === only ? [] : [axis])), numbers: only };
}

/** Null: more than a few lines, or not of the first output. */
export function targetCode(
  {
    output: name,
    where,
    targets,
    image,
  }: Pick<CamQuestion, "output" | "where" | "targets" | "image">,
  [output]: readonly OutputSummary[],
  dialect: Dialect,
): TargetCode | null {
  if (!output || (name !== null && name !== output.name)) return null;
  const place = where ?? usual(output, targets);
  const axes = axesOf(output);
  if (!place || !axes) return null;
  // of an array the code reads no picture
  if (fileOf(place) !== null && /\.npy$/i.test(image)) return null;
  /** One place, or all, with all numbers, one, or `CLASS`. */
  const at = (indices: readonly (string | number)[] | null, number: string): string => {
    const all = [...axes.places, ...(axes.numbers === null ? [] : [axes.numbers])].map(() => ":");
    axes.places.forEach((axis, i) => (all[axis] = String(indices?.[i] ?? ":")));
    if (axes.numbers !== null) all[axes.numbers] = number;
    return `scores[0, ${all.join(", ")}]`;
  };
  const named = { output, place, targets, dialect, at, axes };
  if (place.kind === "unit" || place.kind === "like") return ofNumber(named);
  if (output.kind === "detection") return place.kind === "box" ? ofBox(named, place) : null;
  if (output.classes === null) return null;
  if (place.kind === "predicted") return ofArea(named);
  if (place.kind === "region") return ofRegion(named, place);
  return ofPlace(named);
}

function usual({ kind }: OutputSummary, targets: Targets): Where | null {
  if (kind === "regression" && "top" in targets) return { kind: "unit", unit: 0 };
  return kind === "segmentation" ? { kind: "predicted" } : null;
}

interface Named {
  readonly output: OutputSummary;
  readonly place: Where;
  readonly targets: Targets;
  readonly dialect: Dialect;
  readonly at: (indices: readonly (string | number)[] | null, number: string) => string;
  readonly axes: { readonly places: readonly number[]; readonly numbers: number | null };
}

function ofNumber({ place, output, dialect, at, axes }: Named): TargetCode | null {
  const { mean, sum, root, flat, numpy } = dialect;
  const over = axes.places.map((_, axis) => axis);
  if (place.kind === "unit") {
    const { unit } = place;
    const one = output.grid
      ? mean(at(null, String(unit)), over)
      : at([Math.floor(unit / output.numbers)], String(unit % output.numbers));
    return { raw: true, lines: defined(place, one) };
  }
  if (place.kind !== "like" || /\.npy$/i.test(place.file)) return null;
  const vector = output.grid ? mean("scores[0]", axes.places) : flat("scores[0]");
  const lines = `def vector(scores):
    return ${vector}


other = ${numpy(`vector(say(picture(${text(place.file)})))`)}
other = other / np.sqrt((other**2).sum())


def target(scores):  # the cosine of both embeddings
    own = vector(scores)
    return ${sum(`own * ${dialect.tensor("other")}`)} / ${root(sum("own * own"))}


`;
  return { raw: true, lines };
}

/** Where the network sees the class: the mask is a constant. */
function ofArea({ output, targets, dialect, at, axes }: Named): TargetCode | null {
  const { sum, mask, argmax, numpy } = dialect;
  const two = output.choice === "two";
  if (!two && axes.numbers === null) return null;
  const seen = two ? mask(`${at(null, "0")} > 0`) : argmax("scores[0]", axes.numbers ?? 0);
  const counted = `np.bincount(${numpy("seen(say(x))")}.astype(int).ravel()).argmax()`;
  const own = two ? `(2 * CLASS - 1) * ${at(null, "0")}` : at(null, "CLASS");
  const lines = `def seen(scores):  # the class that is predicted, at each position
    return ${seen}


${classOf(targets, `int(${counted})`)}
AREA = ${numpy(mask("seen(say(x)) == CLASS"))}


def target(scores):
    return ${sum(`${own} * ${dialect.tensor("AREA")}`)}


`;
  return { raw: false, lines };
}

/** One of a detector's rows: a class' score before its sigmoid, where it went through one, or a number as it is. */
function ofBox(
  { output: { boxScores }, place, targets, dialect, at }: Named,
  { box, unit }: Extract<Where, { kind: "box" }>,
): TargetCode | null {
  if (!boxScores || boxScores.activation === "softmax") return null;
  if (unit !== undefined) return { raw: true, lines: defined(place, at([box], String(unit))) };
  const [from, to] = boxScores.columns;
  const score = at([box], from === 0 ? "CLASS" : `${from} + CLASS`);
  const top = `int(np.argmax(${dialect.numpy(`say(x)${at([box], `${from}:${to}`).slice("scores".length)}`)}))`;
  const own = boxScores.activation === null ? score : dialect.logit(score);
  return { raw: true, lines: `${classOf(targets, top)}\n\n\n${defined(place, own)}` };
}

/** The sum over what a picture marks. */
function ofRegion(
  { output, place, targets, dialect, at }: Named,
  { file }: Extract<Where, { kind: "region" }>,
): TargetCode | null {
  const { grid, choice, classes } = output;
  if (!grid) return null;
  const [rows, columns] = grid;
  const own = (k: string): string =>
    choice === "two" ? `(2 * ${k} - 1) * ${at(null, "0")}` : at(null, k);
  const summed = (k: string): string => dialect.sum(`(${own(k)} * ${dialect.tensor("AREA")})`);
  const lines = `def marked(file):  # 1 where the picture is not black, at the centres of ${rows} x ${columns} cells
    u = pixels(file)
    rows = ((np.arange(${rows}) + 0.5) * u.shape[0] / ${rows}).astype(int)
    columns = ((np.arange(${columns}) + 0.5) * u.shape[1] / ${columns}).astype(int)
    return (u[rows][:, columns] > 0).any(2).astype(np.float32)


AREA = marked(${text(file)})


def inside(scores, k):
    return ${summed("k")}


${classOf(targets, `max(range(${classes}), key=lambda k: float(inside(say(x), k)))`)}


${defined(place, "inside(scores, CLASS)")}`;
  return { raw: false, lines };
}

function ofPlace({ output, place, targets, dialect, at, axes }: Named): TargetCode | null {
  const indices =
    place.kind === "pixel"
      ? [place.row, place.column]
      : place.kind === "token"
        ? [place.token]
        : null;
  if (indices === null && place.kind !== "mean") return null;
  const over = axes.places.map((_, axis) => axis);
  const one = (number: string): string =>
    indices ? at(indices, number) : dialect.mean(at(null, number), over);
  const two = output.choice === "two";
  const all = indices ? at(indices, ":") : dialect.mean("scores[0]", axes.places);
  const top = two
    ? `int(${dialect.numpy(`(lambda scores: ${one("0")})(say(x))`)} > 0)`
    : `int(np.argmax(${dialect.numpy(`(lambda scores: ${all})(say(x))`)}))`;
  const score = two ? `(2 * CLASS - 1) * ${one("0")}` : one("CLASS");
  return { raw: false, lines: `${classOf(targets, top)}\n\n\n${defined(place, score)}` };
}

const defined = (place: Where, score: string): string => `def target(scores):  # ${whereText(place)}
    return ${score}


`;

function classOf(targets: Targets, onTop: string): string {
  const [first] = "top" in targets ? [] : targets;
  return `CLASS = ${first?.index ?? onTop}`;
}
