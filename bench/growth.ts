/**
 * How time and memory grow, on networks of equal 3 x 3 convolutions with ReLU that are made here: one table, with the exponent
 * between the two largest sizes (1 = linear; a cliff shows as much more). CPU seconds: other programs do not count.
 */
import { createEngine, differentiate } from "../src/engine/index.ts";
import { census } from "../src/methods/census/index.ts";
import { summariseLayers } from "../src/methods/inspect/index.ts";
import { GraphBuilder, type Layer, type ModelGraph } from "../src/graph/index.ts";
import type { EngineChoice } from "../src/shared/engines.ts";
import { floats, sizeOf, type FloatTensor } from "../src/base/tensor.ts";

interface Size {
  readonly layers: number;
  readonly side: number;
  readonly filters: number;
}
const BASE: Size = { layers: 10, side: 64, filters: 16 };
/** What grows, from what it starts. Weights are 36 kB, 38 MB, 377 MB and 3.8 GB; `filters` ends at 604 MB a layer. */
const SIZES: readonly {
  readonly what: string;
  readonly sizes: readonly number[];
  readonly at: (value: number) => Size;
}[] = [
  { what: "layers", sizes: [10, 30, 100, 300, 1000], at: (layers) => ({ ...BASE, layers }) },
  { what: "side", sizes: [64, 128, 256, 512, 1024], at: (side) => ({ ...BASE, side }) },
  {
    what: "filters",
    sizes: [16, 64, 256, 1024, 4096],
    at: (filters) => ({ layers: 2, side: 8, filters }),
  },
  {
    what: "layers of 1024 filters (38 MB each)",
    sizes: [1, 10, 100],
    at: (layers) => ({ layers, side: 4, filters: 1024 }),
  },
];
const PICTURES = [1, 10, 100, 1000, 10_000];

const input = ({ side, filters }: Size): FloatTensor => {
  const shape = [1, side, side, filters];
  return floats(shape, new Float32Array(sizeOf(shape)).fill(0.5));
};

function network({ layers, side, filters }: Size): ModelGraph {
  const builder = new GraphBuilder();
  const start = builder.input("picture", [null, side, side, filters]);
  const kernel = [3, 3, filters, filters] as const;
  const made: Layer[] = [];
  let x = start;
  for (let i = 0; i < layers; i++) {
    const ref = `kernel${i}`;
    const weight = builder.weight(ref, kernel);
    const attrs = { strides: [1, 1], dilations: [1, 1], padding: "same" } as const;
    const conv = builder.add("conv2d", "conv", [x, weight], attrs);
    const output = builder.add("relu", "relu", [conv]);
    made.push({
      ...{
        name: `layer${i}`,
        className: "Conv2D",
        nodes: [conv, output],
        inputs: [x],
        output,
        opaque: null,
      },
      ...{ preActivation: conv, outputShape: [null, side, side, filters] },
      weights: [{ name: "kernel", ref, shape: kernel, storedDType: "float32", trainable: true }],
    });
    x = output;
  }
  const values = new Float32Array(sizeOf(kernel)).fill(1 / (9 * filters));
  return {
    ...{ format: "made here", producer: null, nodes: builder.nodes, layers: made, notes: [] },
    inputs: [{ name: start, node: start, shape: builder.shape(start), dtype: "float32" }],
    outputs: [{ name: x, node: x, shape: builder.shape(x), dtype: "float32" }],
    weights: {
      read: () => Promise.resolve(floats(kernel, values)),
      close: () => undefined,
    },
  };
}

async function cpu(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

const { engine } = await createEngine((process.argv[2] ?? "auto") as EngineChoice);

/** CPU seconds of each stage, and the process' memory afterwards in MB. */
async function stages(size: Size): Promise<number[]> {
  const graph = network(size);
  const [feed = "", fetch = ""] = [graph.inputs[0]?.node, graph.outputs[0]?.node];
  const x = input(size);
  const inspect = await cpu(() => summariseLayers(graph));
  const gradient = await cpu(() => differentiate(graph, fetch, [feed]));
  const forwards = async (): Promise<unknown> =>
    (await engine.compile(graph, [feed], [fetch])).run([x]);
  const first = await cpu(forwards);
  const again = await cpu(forwards);
  const { graph: whole, grads } = differentiate(graph, fetch, [feed]);
  const slopes = async (): Promise<unknown> =>
    (await engine.compile(whole, [feed], [grads[0] ?? fetch])).run([x]);
  await slopes();
  const slope = await cpu(slopes);
  engine.release(graph);
  return [inspect, gradient, first, again, slope, process.memoryUsage().rss / 2 ** 20];
}

const COLUMNS = ["inspect", "differentiate", "first run", "run", "gradient run", "MB after"];
const cells = (values: readonly (string | number)[]): string =>
  `| ${values.map((v) => (typeof v === "number" ? v.toPrecision(3) : v)).join(" | ")} |`;

console.log(cells(["what", "size", ...COLUMNS]));
console.log(cells(["---", "---", ...COLUMNS.map(() => "---")]));
for (const { what, sizes, at } of SIZES) {
  const rows: number[][] = [];
  for (const value of sizes) {
    rows.push(await stages(at(value)));
    console.log(cells([what, String(value), ...(rows.at(-1) ?? [])]));
  }
  const [a = [], b = []] = rows.slice(-2);
  const steps = Math.log((sizes.at(-1) ?? 1) / (sizes.at(-2) ?? 1));
  // below that the clock's ticks are measured
  const exponents = b.map((v, i) => ((a[i] ?? 0) < 0.01 ? "" : Math.log(v / (a[i] ?? v)) / steps));
  console.log(cells([what, "exponent", ...exponents]));
}

console.log(
  `\n${cells(["pictures of a census", "CPU s", "MB after"])}\n${cells(["---", "---", "---"])}`,
);
for (const count of PICTURES) {
  const graph = network(BASE);
  const x = input(BASE);
  // eslint-disable-next-line @typescript-eslint/require-await -- what a census takes
  const batches = async function* (): AsyncGenerator<{ names: string[]; inputs: FloatTensor[] }> {
    for (let i = 0; i < count; i++) yield { names: [String(i)], inputs: [x] };
  };
  const quiet = { signal: new AbortController().signal, progress: () => undefined };
  const seconds = await cpu(() => census({ graph, engine }, batches(), quiet));
  console.log(cells([String(count), seconds, process.memoryUsage().rss / 2 ** 20]));
  engine.release(graph);
}
engine.dispose();
