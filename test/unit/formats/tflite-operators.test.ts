/** TFLite operators that no converter was asked for, in files put together by hand, by their definitions. */
import assert from "node:assert/strict";
import { readModel } from "../../../src/formats/index.ts";
import { sizeOf, type TensorData } from "../../../src/base/tensor.ts";
import { operatorCode } from "../../../src/formats/tflite/operator-codes.ts";
import { noise, onEachEngine } from "../engine/support.ts";
import type { FlatTable } from "./flat.ts";
import { scratch, withModel } from "./support.ts";
import { buffer, operator, tensor, tfliteFile } from "./tflite-files.ts";

const write = scratch();
const codeOf = new Map(
  Array.from({ length: 160 }, (_, code) => [
    operatorCode(Math.min(code, 127), code, null).name,
    code,
  ]),
);
const TYPE = { float32: 0, int32: 2, uint8: 3, bool: 6 } as const;
type Type = keyof typeof TYPE;

/** `name`: what it computes from tensors by their names; `options` by their numbers. */
interface Step {
  readonly name: string;
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly options?: FlatTable["table"];
}
interface Stored {
  readonly shape: readonly number[];
  readonly data: readonly number[];
  readonly type?: Type;
  readonly more?: FlatTable["table"];
}
const ints = (...data: number[]): Stored => ({ shape: [data.length], data, type: "int32" });
const int = (n: number): Stored => ({ shape: [], data: [n], type: "int32" });

const X = [1, 3, 4, 2];
const bytesOf = ({ data, type = "float32" }: Stored): Uint8Array =>
  new Uint8Array((type === "int32" ? Int32Array : Float32Array).from(data).buffer);

/** The output is the last step's first. Types of what is computed: `types`, else float32. */
function file(
  constants: Readonly<Record<string, Stored>>,
  steps: readonly Step[],
  types: Readonly<Record<string, Type>> = {},
): Uint8Array {
  const stored = Object.entries(constants);
  const computed = [...new Set(steps.flatMap(({ to }) => to))];
  const names = ["x", ...stored.map(([name]) => name), ...computed];
  const typed = (type: Type): FlatTable["table"] => ({ 1: { i8: TYPE[type] } });
  const index = (name: string): number => names.indexOf(name);
  const codes = [...new Set(steps.map(({ name }) => codeOf.get(name) ?? assert.fail(name)))];
  return tfliteFile({
    codes,
    tensors: [
      tensor("x", X),
      ...stored.map(([name, { shape, type = "float32", more }], i) =>
        tensor(name, shape, i + 1, { ...typed(type), ...more }),
      ),
      ...computed.map((name) => tensor(name, X, 0, typed(types[name] ?? "float32"))),
    ],
    buffers: [buffer(), ...stored.map(([, one]) => buffer(bytesOf(one)))],
    operators: steps.map(({ name, from, to, options }) =>
      operator(
        codes.indexOf(codeOf.get(name) ?? -1),
        from.map(index),
        to.map(index),
        options && { table: options },
      ),
    ),
    outputs: [index(steps.at(-1)?.to[0] ?? "")],
  });
}

const step = (
  name: string,
  from: readonly string[],
  to: string,
  options?: Step["options"],
): Step => ({
  ...{ name, from, to: [to] },
  ...(options && { options }),
});
const KEEP = { 0: { i8: 1 } } as const;
/** x [1, 3, 4, 2] at row, column and channel. */
const at = (x: TensorData, h: number, w: number, c: number): number =>
  Number(x.data[(h * 4 + w) * 2 + c]);
const each = (f: (h: number, w: number, c: number) => number): number[] =>
  Array.from({ length: 24 }, (_, i) => f(Math.floor(i / 8), Math.floor(i / 2) % 4, i % 2));

describe("TFLite operators by hand", () => {
  const x = noise([2, ...X.slice(1)], 5);
  const one = { ...x, shape: X, data: x.data.slice(0, 24) };
  const rows = [0, 1, 2];
  const columns = [0, 1, 2, 3];
  /** Files, and what they compute for the first of two pictures. */
  const cases: readonly (readonly [what: string, bytes: Uint8Array, wanted: readonly number[]])[] =
    [
      [
        "whether any, and all, are positive",
        file(
          { axes: ints(1), zero: { shape: [], data: [0] } },
          [
            step("GREATER", ["x", "zero"], "positive"),
            step("REDUCE_ANY", ["positive", "axes"], "any", KEEP),
            step("REDUCE_ALL", ["positive", "axes"], "all", KEEP),
            step("CAST", ["any"], "anyNumber"),
            step("CAST", ["all"], "allNumber"),
            step("CONCATENATION", ["anyNumber", "allNumber"], "y", { 0: { i32: 1 } }),
          ],
          { positive: "bool", any: "bool", all: "bool" },
        ),
        [
          ...each((_, w, c) => +rows.some((h) => at(one, h, w, c) > 0)).slice(0, 8),
          ...each((_, w, c) => +rows.every((h) => at(one, h, w, c) > 0)).slice(0, 8),
        ],
      ],
      [
        "products",
        file({ axes: ints(2) }, [step("REDUCE_PROD", ["x", "axes"], "y")]),
        rows.flatMap((h) => [0, 1].map((c) => columns.reduce((p, w) => p * at(one, h, w, c), 1))),
      ],
      [
        "the place of the least",
        file(
          { axis: int(2) },
          [step("ARG_MIN", ["x", "axis"], "place"), step("CAST", ["place"], "y")],
          { place: "int32" },
        ),
        rows.flatMap((h) =>
          [0, 1].map((c) => {
            const row = columns.map((w) => at(one, h, w, c));
            return row.indexOf(Math.min(...row));
          }),
        ),
      ],
      [
        "a part without a cell",
        file({ sizes: ints(0, -1), axis: int(2) }, [
          { name: "SPLIT_V", from: ["x", "sizes", "axis"], to: ["none", "all"] },
          step("CONCATENATION", ["none", "all", "none"], "y", { 0: { i32: 2 } }),
        ]),
        [...one.data],
      ],
      [
        "constants that are made",
        file(
          {
            ...{ from: int(0), to: int(8), by: int(2), shape: ints(1, 1, 4, 1) },
            ...{ whole: ints(...X), half: { shape: [], data: [0.5] } },
          },
          [
            step("RANGE", ["from", "to", "by"], "counted"),
            step("CAST", ["counted"], "numbers"),
            step("RESHAPE", ["numbers", "shape"], "columns"),
            step("FILL", ["whole", "half"], "filled"),
            step("MUL", ["x", "columns"], "scaled"),
            step("ADD", ["scaled", "filled"], "y"),
          ],
          { counted: "int32" },
        ),
        each((h, w, c) => at(one, h, w, c) * 2 * w + 0.5),
      ],
      [
        "blocks to the batch and back, with borders",
        file({ block: ints(2, 2), borders: ints(0, 1, 2, 0) }, [
          step("SPACE_TO_BATCH_ND", ["x", "block", "borders"], "blocks"),
          step("BATCH_TO_SPACE_ND", ["blocks", "block", "borders"], "y"),
        ]),
        [...one.data],
      ],
      [
        "the root of the mean of squares",
        file({}, [
          step("L2_POOL_2D", ["x"], "y", {
            ...{ 0: { i8: 1 }, 1: { i32: 1 }, 2: { i32: 1 } },
            ...{ 3: { i32: 4 }, 4: { i32: 3 } },
          }),
        ]),
        [0, 1].map((c) =>
          Math.sqrt(
            each((h, w, k) => (k === c ? at(one, h, w, c) ** 2 : 0)).reduce((a, b) => a + b) / 12,
          ),
        ),
      ],
      [
        "a matrix without its zeros",
        // [[1, 0, 0, 0, 0, 0, 0, 0], [0, ..., 0, 3]] and so on: rows dense, columns where they are
        file({ w: { shape: [2, 24], data: [3, -2, 5], more: sparse(2, [0, 1, 3], [4, 0, 23]) } }, [
          step("DENSIFY", ["w"], "matrix"),
          step("FULLY_CONNECTED", ["x", "matrix"], "y"),
        ]),
        [3 * Number(one.data[4]), -2 * Number(one.data[0]) + 5 * Number(one.data[23])],
      ],
    ];

  onEachEngine((engine) => {
    for (const [what, bytes, wanted] of cases)
      it(what, async () => {
        const graph = await readModel(write("by-hand.tflite", bytes));
        try {
          assert.deepEqual(graph.layers.flatMap(({ opaque }) => opaque ?? []), []); // prettier-ignore
          const [input, output] = [graph.inputs[0], graph.outputs[0]];
          assert.ok(input && output);
          const program = await engine().compile(graph, [input.node], [output.node]);
          const [result] = await program.run([x]);
          assert.ok(result);
          // each picture of a batch as it would be alone
          assert.equal(result.shape[0], 2);
          assert.equal(sizeOf(result.shape), 2 * wanted.length);
          wanted.forEach((number, i) => {
            assert.ok(Math.abs(Number(result.data[i]) - number) < 1e-5, `${i}: ${number}`);
          });
          engine().release(graph);
        } finally {
          graph.weights.close();
        }
      });
  });

  it("sparse constants whose coordinates lie are refused by name", async () => {
    for (const [segments, indices] of [
      [
        [0, 1, 9],
        [4, 0, 23],
      ],
      [
        [0, 2, 1],
        [4, 0, 23],
      ],
      [
        [0, 1, 3],
        [4, 0, 24],
      ],
      [
        [0, 1, 3],
        [-4, 0, 2],
      ],
    ] as const) {
      const w = { shape: [2, 24], data: [3, -2, 5], more: sparse(2, segments, indices) };
      const steps = [
        step("DENSIFY", ["w"], "matrix"),
        step("FULLY_CONNECTED", ["x", "matrix"], "y"),
      ];
      await withModel(write("lies.tflite", file({ w }, steps)), async ({ layers, weights }) => {
        const kernel = layers.flatMap((layer) => layer.weights)[0];
        await assert.rejects(weights.read(kernel?.ref ?? ""), /'lies.tflite' keeps 'w' without/);
      });
    }
  });

  it("pixels as they are", async () => {
    const types = { y: "float32" } as const;
    const bytes = file({}, [step("CAST", ["x"], "y")], types);
    await withModel(write("float.tflite", bytes), ({ scaling }) => {
      assert.equal(scaling, undefined);
    });
    const pixels = tfliteFile({
      codes: [codeOf.get("CAST") ?? -1],
      tensors: [tensor("x", X, 0, { 1: { i8: TYPE.uint8 } }), tensor("y", X)],
      operators: [operator(0, [0], [1])],
    });
    await withModel(write("pixels.tflite", pixels), ({ scaling, inputs }) => {
      assert.deepEqual([scaling?.scale, scaling?.mean, scaling?.std], [1, [0], [1]]);
      assert.match(scaling?.why ?? "", /takes pixels as uint8, as they are/);
      assert.equal(inputs[0]?.quantized, undefined);
    });
  });
});

/** SparsityParameters of a matrix: rows one after the other, in each the columns between two segments. */
function sparse(
  count: number,
  segments: readonly number[],
  indices: readonly number[],
): FlatTable["table"] {
  const numbers = (values: readonly number[]): FlatTable => ({ table: { 0: { i32s: values } } });
  const levels: FlatTable[] = [
    { table: { 0: { i8: 0 }, 1: { i32: count } } },
    {
      table: {
        ...{ 0: { i8: 1 }, 2: { i8: 1 }, 3: numbers(segments) },
        ...{ 4: { i8: 1 }, 5: numbers(indices) },
      },
    },
  ];
  return { 6: { table: { 0: { i32s: [0, 1] }, 2: levels } } };
}
