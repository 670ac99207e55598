import assert from "node:assert/strict";
import { hull, readBox, wholeBox, type Box, type Interval } from "../../../src/graph/boxes.ts";
import {
  definitions,
  evaluate,
  evaluateInDoubles,
  type KnownNumbers,
  type Made,
  type OpAttrs,
} from "../../../src/graph/index.ts";
import { type Case, cases } from "./cases.ts";
import { inputsOf, label, toArray } from "./inputs.ts";
import { count, indices } from "./reference/arrays.ts";
import { reference } from "./reference/index.ts";
import { distance } from "./support.ts";

/** Input numbers that an operation is tried with, at the most, until every cell that is said to be read has shown that it is. */
const TRIES = 30;
/** How a number is changed: a little, past its neighbours, past all of them. */
const CHANGES = [0.5, -0.5, 40, -40];
/** Sums of products: any change of a factor does. */
const SMOOTH = /^(conv|depthwise|matMul|resize|avgPool|batchNorm|sum|mean$|softmax|transpose|pad)/;

/** Why the reads of an operation are more than what changes it; an input's index where it is only that one's. */
const MORE: Partial<Record<Made, string>> = {
  conv2d:
    "dilated and strided windows are boxes, and so are the channels of a group; a kernel's border taps see only padding",
  depthwiseConv2d: "as conv2d",
  conv2dInputGrad: "as conv2d, and of a stride only some windows lie over a cell",
  depthwiseConv2dInputGrad: "as conv2dInputGrad",
  maxPoolGrad:
    "the windows around a cell are a box; the pooled picture need not be read, but may be",
  avgPoolGrad: "windows that pass a cell by between strides",
  gather: "without the indices any cell can be picked; with them those around",
};

const evaluated = <K extends Made>(
  op: K,
  attrs: OpAttrs[K],
  inputs: readonly KnownNumbers[],
): KnownNumbers => {
  const made = evaluateInDoubles(op, attrs, inputs);
  assert.ok(made);
  return made;
};
const callOf = <K extends Made>(op: K, one: Case<OpAttrs[K]>, inputs: readonly KnownNumbers[]) => ({
  attrs: one.attrs,
  inputs: inputs.map(({ shape }) => ({ shape })),
  shape: evaluated(op, one.attrs, inputs).shape,
});

describe("what operations mean", () => {
  for (const op of Object.keys(cases) as Made[])
    cases[op].forEach((one: Case<OpAttrs[Made]>, i: number) => {
      it(`${op} ${i}: ${label(one)}`, () => {
        isAsDefined(op, one);
        readsWhatChangesIt(op, one);
        countsProducts(op, one);
      });
    });
});

function isAsDefined<K extends Made>(op: K, one: Case<OpAttrs[K]>): void {
  const inputs = inputsOf(op, one);
  const wanted = reference[op](one.attrs, ...inputs.map(toArray));
  const doubles = evaluated(op, one.attrs, inputs);
  assert.deepEqual([...doubles.shape], [...wanted.shape]);
  // resizing is in float32 by definition
  const close = op.startsWith("resize") ? 1e-6 : 1e-10;
  assert.ok(distance(doubles.data, wanted.data) <= close, "in doubles");
  const single = evaluate(op, one.attrs, inputs);
  assert.ok(single && distance(single.data, wanted.data) <= 1e-6, "in float32");
}

/** Changes each number of each input, and looks which numbers of the output change. */
function readsWhatChangesIt<K extends Made>(op: K, one: Case<OpAttrs[K]>): void {
  const call = callOf(op, one, inputsOf(op, one));
  const cells = [...indices(call.shape)];
  const boxOf = (cell: readonly number[], index: number): Box | null =>
    readBox(op, call, index, cell.map((place): Interval => [place, place])); // prettier-ignore
  call.inputs.forEach(({ shape }, index) => {
    const said = cells.map((cell) => placesIn(boxOf(cell, index), shape));
    const seen = cells.map(() => new Set<number>());
    const missing = (): Set<number> =>
      new Set(said.flatMap((places, i) => [...places].filter((place) => !seen[i]?.has(place))));
    const all = [...Array(count(shape)).keys()];
    const tries = SMOOTH.test(op) ? 1 : op in MORE ? 2 : TRIES;
    for (let seed = 0; seed < tries; seed++) {
      const left = seed === 0 ? all : [...missing()];
      if (left.length === 0) break;
      const inputs = inputsOf(op, one, 1000 * seed);
      const before = evaluated(op, one.attrs, inputs).data;
      for (const place of left)
        for (const changed of changes(op, one, inputs, index, place)) {
          const after = evaluated(op, one.attrs, changed).data;
          for (let i = 0; i < before.length; i++) if (before[i] !== after[i]) seen[i]?.add(place);
        }
    }
    cells.forEach((cell, i) => {
      for (const place of seen[i] ?? [])
        assert.ok(said[i]?.has(place), `[${cell.join()}] depends on ${place} of input ${index}`);
    });
    if (!(op in MORE)) assert.deepEqual(missing(), new Set(), `input ${index} is not read there`);
    const boxes = cells.map((cell) => boxOf(cell, index)).filter((box) => box !== null);
    const whole = readBox(op, call, index, wholeBox(call.shape));
    assert.deepEqual(whole, boxes.length > 0 ? boxes.reduce(hull) : null);
  });
}
/** Of a tensor of `shape`. */
function placesIn(box: Box | null, shape: readonly number[]): Set<number> {
  const places = [...indices(shape)].flatMap((cell, place) =>
    box?.every(([low, high], axis) => low <= (cell[axis] ?? NaN) && (cell[axis] ?? NaN) <= high)
      ? [place]
      : [],
  );
  return new Set(places);
}
/** The inputs with one number changed, in several ways. */
function changes<K extends Made>(
  op: K,
  one: Case<OpAttrs[K]>,
  inputs: readonly KnownNumbers[],
  index: number,
  place: number,
): KnownNumbers[][] {
  const x = inputs[index];
  assert.ok(x);
  const value = x.data[place] ?? NaN;
  const kinds = op === "gather" ? (inputs[0]?.shape[(one.attrs as OpAttrs["gather"]).axis] ?? NaN) : 4; // prettier-ignore
  const others = {
    bool: [1 - value],
    int32: [1, 2, 3].map((by) => (value + by) % kinds),
    float32: SMOOTH.test(op) ? [value + 1] : CHANGES.map((by) => value + by),
  };
  return others[x.dtype].map((other) =>
    inputs.with(index, { ...x, data: Array.from(x.data).with(place, other) }),
  );
}

/** Convolutions and matrix products are sums of products: with all ones, each number counts its own. */
function countsProducts<K extends Made>(op: K, one: Case<OpAttrs[K]>): void {
  const call = callOf(op, one, inputsOf(op, one));
  const found = definitions[op].macs(call);
  const product = op === "matMul" || op.startsWith("conv") || op.startsWith("depthwise");
  assert.equal(found > 0, product);
  if (!product) return;
  const ones = call.inputs.map(({ shape }): KnownNumbers => ({
    shape,
    dtype: "float32",
    data: Array.from({ length: count(shape) }, () => 1),
  }));
  const made = evaluated(op, one.attrs, ones).data;
  const total = Array.from(made).reduce((sum, n) => sum + n, 0);
  // products with the padding are counted, but add nothing here
  const padded = "padding" in one.attrs && one.attrs.padding !== "valid";
  if (padded || op.endsWith("Grad")) assert.ok(found >= total, `${found} for ${total}`);
  else assert.equal(found, total);
}
