/** Networks that take more than one picture: with facts beside it, two views, colours and depth. All have ReLU of a convolution, mean, product. */
import * as onnx from "../unit/formats/onnx-files.ts";

const SIDE = 8;
const FACTS = 3;

const numbers = (name: string, shape: readonly number[]): onnx.Made => {
  const count = shape.reduce((all, size) => all * size, 1);
  const values = Array.from({ length: count }, (_, i) => (((i * 7 + name.length) % 11) - 5) / 4);
  return onnx.tensor({ name, shape, raw: onnx.floats(...values) });
};

/** [N, channels, 8, 8] of the input `x` to 4 numbers, by the kernel of `kernel`. */
const branch = (x: string, kernel: string): onnx.Made[] => [
  onnx.node({ op: "Conv", inputs: [x, kernel], outputs: [`conv_${x}`] }),
  onnx.node({ op: "Relu", inputs: [`conv_${x}`], outputs: [`maps_${x}`] }),
  onnx.node({ op: "GlobalAveragePool", inputs: [`maps_${x}`], outputs: [`pool_${x}`] }),
  onnx.node({ op: "Flatten", inputs: [`pool_${x}`], outputs: [`flat_${x}`] }),
];
/** Of all of `parts` together, `size` numbers, three class scores. */
const scores = (parts: readonly string[]): onnx.Made[] => [
  onnx.node({
    ...{ op: "Concat", inputs: parts, outputs: ["all"], attributes: [onnx.int("axis", 1)] },
  }),
  onnx.node({ op: "MatMul", inputs: ["all", "weights"], outputs: ["scores"] }),
];

interface Network {
  /** Channels of each picture; a vector has none. */
  readonly inputs: Readonly<Record<string, number | null>>;
  readonly nodes: readonly onnx.Made[];
  readonly weights: readonly onnx.Made[];
}

const NETWORKS = {
  facts: {
    inputs: { image: 3, facts: null },
    nodes: [...branch("image", "kernel"), ...scores(["flat_image", "facts"])],
    weights: [numbers("kernel", [4, 3, 3, 3]), numbers("weights", [4 + FACTS, 3])],
  },
  siamese: {
    inputs: { left: 3, right: 3 },
    nodes: [
      ...[...branch("left", "kernel"), ...branch("right", "kernel")],
      ...scores(["flat_left", "flat_right"]),
    ],
    weights: [numbers("kernel", [4, 3, 3, 3]), numbers("weights", [8, 3])],
  },
  depth: {
    inputs: { rgb: 3, depth: 1 },
    nodes: [
      ...[...branch("rgb", "kernel"), ...branch("depth", "kernel_depth")],
      ...scores(["flat_rgb", "flat_depth"]),
    ],
    weights: [
      numbers("kernel", [4, 3, 3, 3]),
      numbers("kernel_depth", [4, 1, 3, 3]),
      numbers("weights", [8, 3]),
    ],
  },
} satisfies Record<string, Network>;

/** An ONNX file. */
export function severalInputs(kind: keyof typeof NETWORKS): Uint8Array {
  const { inputs, nodes, weights }: Network = NETWORKS[kind];
  return onnx.model(
    onnx.graph({
      ...{ nodes, initializers: weights },
      inputs: Object.entries(inputs).map(([name, channels]) =>
        onnx.value(name, channels === null ? ["N", FACTS] : ["N", channels, SIDE, SIDE]),
      ),
      outputs: [onnx.value("scores", ["N", 3])],
    }),
  );
}
