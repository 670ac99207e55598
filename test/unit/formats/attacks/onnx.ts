/** ONNX files and their external data (CVE-2022-25882, CVE-2024-27318, CVE-2025-51480). */
import { symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fixture } from "../support.ts";
import {
  floats,
  functionOf,
  graph,
  int,
  ints,
  model,
  node,
  subgraph,
  tensor,
  value,
  type Made,
  type TensorFacts,
} from "../onnx-files.ts";
import { COMMAND, cutOf, linked, pipe, PROTOTYPES, written } from "./files.ts";
import type { Attack, Attacks } from "./types.ts";

const x = value("x", ["batch", 2, 4, 4]);
const y = value("y", ["batch", 2, 4, 4]);
const relu = (from: string, to: string): Made =>
  node({ op: "Relu", inputs: [from], outputs: [to], name: to });
const adding = (facts: Omit<TensorFacts, "name">): Uint8Array =>
  model(
    graph({
      nodes: [node({ op: "Add", inputs: ["x", "w"], outputs: ["y"] })],
      initializers: [tensor({ ...facts, name: "w" })],
      ...{ inputs: [x], outputs: [y] },
    }),
  );
const refers = (
  what: string,
  entries: Readonly<Record<string, string>>,
  says: RegExp,
  beside: (folder: string) => void = () => undefined,
): Attack => ({
  what,
  make: (folder) => {
    writeFileSync(path.join(folder, "..", "secret.bin"), floats(7, 7));
    beside(folder);
    return written("net.onnx", adding({ shape: [2, 1, 1], external: entries }))(folder);
  },
  says,
});

const local = (op: string, from: string, to: string): Made =>
  node({ op, domain: "local", inputs: [from], outputs: [to] });
const doubling = Array.from({ length: 40 }, (_, i) =>
  functionOf(
    `F${i}`,
    ["a"],
    ["c"],
    i === 0 ? [relu("a", "c")] : [local(`F${i - 1}`, "a", "b"), local(`F${i - 1}`, "b", "c")],
  ),
);
const calling = (op: string, functions: readonly Made[]): Uint8Array =>
  model(graph({ nodes: [local(op, "x", "y")], inputs: [x] }), functions);
function branches(depth: number): Uint8Array {
  let body = graph({ nodes: [relu("x", "y")], outputs: [value("y", [1])] });
  const yes = tensor({ name: "yes", shape: [], type: 9, raw: Uint8Array.of(1) });
  for (let i = 0; i < depth; i++)
    body = graph({
      nodes: [
        node({
          op: "If",
          inputs: ["yes"],
          outputs: ["y"],
          attributes: [subgraph("then_branch", body)],
        }),
      ],
      outputs: [value("y", [1])],
      ...(i === depth - 1 && { inputs: [x], initializers: [yes] }),
    });
  return model(body);
}

const OUT = /outside of its folder/;
export const onnx: Attacks = {
  ordinary: fixture("onnx/small_torch_dynamo.onnx"),
  code: [
    {
      what: "operators of a library of its own",
      make: written(
        "code.onnx",
        model(
          graph({
            nodes: [
              node({
                op: "PyOp",
                domain: "ai.onnx.contrib",
                name: COMMAND,
                inputs: ["x"],
                outputs: ["y"],
              }),
            ],
            inputs: [x],
            outputs: [y],
          }),
        ),
      ),
      opaque: /PyOp/,
    },
  ],
  sizes: [
    {
      what: "2^40 numbers in 4 bytes",
      make: written("huge.onnx", adding({ shape: [2 ** 20, 2 ** 20, 1], raw: floats(1) })),
      says: /fit|declares/,
    },
    {
      what: "a constant made of a shape",
      make: written(
        "fill.onnx",
        model(
          graph({
            nodes: [
              node({ op: "ConstantOfShape", inputs: ["s"], outputs: ["c"] }),
              node({ op: "Add", inputs: ["x", "c"], outputs: ["y"] }),
            ],
            initializers: [
              tensor({
                name: "s",
                shape: [2],
                type: 7,
                typed: (t) => t.ints(7, [2 ** 20, 2 ** 20]),
              }),
            ],
            ...{ inputs: [x], outputs: [y] },
          }),
        ),
      ),
      opaque: /a constant of/,
    },
    ...(
      [
        [
          "a product of a million cells",
          "ReduceProd",
          [ints("axes", [2])],
          /multiplies 1000000 cells/,
        ],
        ["neighbours beyond number", "LRN", [int("size", 2 ** 31)], /its neighbourhoods are/],
      ] as const
    ).map(([what, op, attributes, opaque]) => ({
      what,
      make: written(
        "long.onnx",
        model(
          graph({
            nodes: [node({ op, inputs: ["x"], outputs: ["y"], attributes })],
            ...{ inputs: [value("x", ["batch", 2, 1e6, 3])], outputs: [y] },
          }),
        ),
      ),
      opaque,
    })),
    refers(
      "external data beyond their file",
      { location: "a.bin", length: "8", offset: "1099511627776" },
      /wants 8 bytes/,
      (folder) => {
        writeFileSync(path.join(folder, "a.bin"), floats(1, 2));
      },
    ),
  ],
  outside: [
    ...[
      "../secret.bin",
      "a/../../secret.bin",
      "/etc/passwd",
      "..\\secret.bin",
      "C:\\secret.bin",
    ].map((location) => refers(location, { location }, OUT)),
    refers("an address", { location: "https://example.org/data.bin" }, /no file name/),
    refers("a name with a zero", { location: "a.bin\0" }, /no file name/),
    refers("a link", { location: "link.bin" }, /is a link/, (folder) => {
      linked(folder, "link.bin", floats(7, 7));
    }),
    refers(
      "a folder that is a link",
      { location: "way/secret.bin" },
      /a link leads out/,
      (folder) => {
        symlinkSync(path.dirname(folder), path.join(folder, "way"));
      },
    ),
    refers("a pipe", { location: "pipe.bin" }, /no plain file/, (folder) => {
      pipe(folder, "pipe.bin");
    }),
  ],
  nesting: [
    { what: "branches", make: written("deep.onnx", branches(120)), says: /deeper than 100/ },
    {
      what: "functions that multiply",
      make: written("bomb.onnx", calling("F39", doubling)),
      says: /so often or so deep/,
    },
    {
      what: "a function that calls itself",
      make: written(
        "self.onnx",
        calling("Self", [functionOf("Self", ["a"], ["b"], [local("Self", "a", "b")])]),
      ),
      says: /so often or so deep/,
    },
  ],
  names: [
    {
      what: "nodes",
      make: written(
        "names.onnx",
        model(
          graph({
            nodes: PROTOTYPES.map((name, i) => relu(PROTOTYPES[i - 1] ?? "x", name)),
            inputs: [x],
          }),
        ),
      ),
    },
    {
      what: "operators",
      make: written(
        "operators.onnx",
        model(
          graph({
            nodes: [node({ op: "constructor", inputs: ["x"], outputs: ["y"] })],
            inputs: [x],
          }),
        ),
      ),
      opaque: /constructor/,
    },
  ],
  cut: [0.01, 0.5, 0.99].map((part) => ({
    what: `after ${part * 100} %`,
    make: written("cut.onnx", cutOf("onnx/small_torch_dynamo.onnx", part)),
    says: /damaged|no ONNX/,
  })),
};
