/** Einstein's sums (NumPy's `einsum`), as sums, transpositions and one matrix product for each further operand. */
import { at } from "../../base/at.ts";
import { sizeOf } from "../../base/tensor.ts";
import { matMul } from "./linear.ts";
import type { Lowering } from "./lowering.ts";
import { reduce } from "./reduction.ts";
import { reshape, transpose } from "./reshaping.ts";
import { Unsupported } from "./unsupported.ts";
import { range, type Value } from "./value.ts";

/** A value and the letter of each of its axes. */
interface Labelled {
  readonly value: Value;
  readonly labels: readonly string[];
}

/** `equation` as `ab...c,cd->ab...d`; without `->` the letters that stand once, in alphabetical order. Diagonals are refused. */
export function einsum(l: Lowering, equation: string, operands: readonly Value[]): Value {
  const [left = "", right] = equation.replaceAll(" ", "").split("->");
  const terms = left.split(",");
  if (terms.length !== operands.length)
    throw new Unsupported(`its equation '${equation}' does not fit ${operands.length} tensors`);
  const dots = Math.max(...terms.map((term, i) => hidden(term, at(operands, i))));
  const inputs = terms.map((term, i): Labelled => {
    const value = at(operands, i);
    const labels = lettered(term, hidden(term, value), dots);
    if (labels.length !== value.shape.length || new Set(labels).size < labels.length)
      throw new Unsupported(`its equation '${equation}' is not known`);
    return { value, labels };
  });
  const wanted = right === undefined ? implied(inputs) : lettered(right, dots, dots);
  const [first, ...others] = inputs.map((input, i) =>
    summed(l, input, [...wanted, ...inputs.flatMap(({ labels }, j) => (j === i ? [] : labels))]),
  );
  if (!first) throw new Unsupported("it multiplies nothing");
  const all = others.reduce((product, next, i) => {
    const later = others.slice(i + 1).flatMap(({ labels }) => labels);
    return multiplied(l, product, next, new Set([...wanted, ...later]));
  }, first);
  const perm = wanted.map((label) => all.labels.indexOf(label));
  if (perm.includes(-1)) throw new Unsupported(`its equation '${equation}' is not known`);
  return transpose(l, all.value, perm);
}

/** How many axes `...` stands for. */
const hidden = (term: string, { shape }: Value): number =>
  term.includes("...") ? shape.length - term.replace("...", "").length : 0;

/** One letter for each axis; those of `...` are numbered from the end. */
function lettered(term: string, own: number, dots: number): string[] {
  const [before = "", after] = term.split("...");
  if (after === undefined) return before.split("");
  return [before.split(""), range(own, dots - own).map(String), after.split("")].flat();
}
function implied(inputs: readonly Labelled[]): string[] {
  const all = inputs.flatMap(({ labels }) => labels);
  const once = all.filter(
    (label) => /\d/.test(label) || all.indexOf(label) === all.lastIndexOf(label),
  );
  return [...new Set(once)].sort();
}

/** Without the axes that nothing else knows. */
function summed(l: Lowering, { value, labels }: Labelled, needed: readonly string[]): Labelled {
  const gone = range(labels.length).filter((axis) => !needed.includes(at(labels, axis)));
  if (gone.length === 0) return { value, labels };
  const left = labels.filter((_, axis) => !gone.includes(axis));
  return { value: reduce(l, "sum", value, gone, false), labels: left };
}

/** The product of two, without the letters that they share and nobody asks for. */
function multiplied(l: Lowering, a: Labelled, b: Labelled, needed: ReadonlySet<string>): Labelled {
  const shared = a.labels.filter((label) => b.labels.includes(label));
  const batch = shared.filter((label) => needed.has(label));
  const inner = shared.filter((label) => !needed.has(label));
  const [rows, columns] = [a, b].map(({ labels }) => labels.filter((x) => !shared.includes(x)));
  // without a batch the rows stay apart: a picture's cells are those of a convolution
  const left = arranged(l, a, batch.length > 0 ? [batch, rows ?? [], inner] : [rows ?? [], inner]);
  const right = arranged(l, b, [batch, inner, columns ?? []]);
  const labels = [...batch, ...(rows ?? []), ...(columns ?? [])];
  const sizes = labels.map((label) => sizeOfLabel([a, b], label));
  return { value: reshape(l, matMul(l, left, right), sizes), labels };
}

/** Groups of axes in the order that is wanted: the first stay, each of the others becomes one axis. */
function arranged(l: Lowering, x: Labelled, groups: readonly (readonly string[])[]): Value {
  const perm = groups.flat().map((label) => x.labels.indexOf(label));
  const [batch = [], ...others] = groups.map((group) => group.map((y) => sizeOfLabel([x], y)));
  return reshape(l, transpose(l, x.value, perm), [...batch, ...others.map(sizeOf)]);
}
function sizeOfLabel(all: readonly Labelled[], label: string): number {
  const sizes = all.flatMap(({ value, labels }) => {
    const axis = labels.indexOf(label);
    return axis < 0 ? [] : [at(value.shape, axis)];
  });
  if (new Set(sizes).size !== 1) throw new Unsupported(`its axes '${label}' have different sizes`);
  return at(sizes, 0);
}
