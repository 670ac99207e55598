/** Runs one case on an engine and compares everything that its library computed. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { at } from "../../../src/base/at.ts";
import { takeRows } from "../../../src/base/rows.ts";
import { differentiate } from "../../../src/engine/index.ts";
import type { Engine } from "../../../src/engine/types.ts";
import { readModel } from "../../../src/formats/index.ts";
import {
  GraphBuilder,
  type Layer,
  type ModelGraph,
  type NodeId,
  type TensorSpec,
} from "../../../src/graph/index.ts";
import type { Shape, TensorData } from "../../../src/base/tensor.ts";
import { structureFinder } from "../../../src/session/structures/find.ts";
import { asTensor, readArray, toGraphOrder, transpose, type NumPyArray } from "./arrays.ts";
import { explained, explainFailures, type Told } from "./explain.ts";

interface Named {
  readonly name: string | null;
  readonly file: string;
}
/** case.json, as lib/case.py writes it. */
interface Case {
  readonly model: string;
  readonly inputs: readonly Named[];
  readonly outputs: readonly Named[];
  readonly maps: readonly Named[];
  readonly gradients: readonly Named[];
  readonly weights: readonly (Named & { readonly parameter: string })[];
  readonly seed: string | null;
  readonly noise: Readonly<Record<string, number>>;
  readonly size: readonly number[] | null;
  readonly explain: boolean;
  readonly explained: readonly Told[];
}
/** One array of ours against the library's; `error` is relative to its maximum. */
export interface Comparison {
  readonly what: string;
  readonly error: number;
  readonly limit: number;
  /** Why it could not be computed; its error is infinite then. */
  readonly reason?: string;
  /** Of a heat map: at another layer than the one that is taken by itself. */
  readonly elsewhere?: true;
}
interface Wanted {
  readonly what: string;
  readonly node: NodeId;
  readonly array: NumPyArray;
}

const LIMIT = 1e-4;
const NOISE_FACTOR = 4;

/** Throws when the model cannot be read or run, or when an array has another shape. */
export async function compareCase(folder: string, engine: Engine): Promise<Comparison[]> {
  const told = JSON.parse(readFileSync(path.join(folder, "case.json"), "utf8")) as Case;
  const array = ({ file }: Named): NumPyArray => readArray(path.join(folder, file));
  const options = told.size ? { inputSize: told.size } : {};
  const file = path.join(folder, told.model);
  const structures = structureFinder({ file, asked: null, sidecar: null });
  const graph = await readModel(file, { ...options, structures });
  const limited = (what: string, error: number): Comparison => ({
    what,
    error,
    limit: Math.max(LIMIT, NOISE_FACTOR * (told.noise[what] ?? 0)),
  });
  try {
    const parameters = await compareWeights(graph, told.weights, array);
    const feeds = told.inputs.map((given, i) => {
      const spec = specOf(graph.inputs, given.name, i);
      return { spec, value: asTensor(ordered(array(given), spec), spec.dtype) };
    });
    const wanted: Wanted[] = [
      ...told.outputs.map((given, i) => {
        const spec = specOf(graph.outputs, given.name, i);
        return {
          what: `output ${given.name ?? i}`,
          node: spec.node,
          array: ordered(array(given), spec),
        };
      }),
      ...told.maps.map((given) => {
        const layer = layerOf(graph, given.name ?? "");
        if (layer.output === null) throw new RangeError(`'${layer.name}' has no output`);
        return {
          what: `map ${given.name ?? ""}`,
          node: layer.output,
          array: ordered(array(given), layer),
        };
      }),
    ];
    let full = graph;
    const fed = feeds.map(({ spec, value }) => ({ node: spec.node, value }));
    if (told.gradients.length > 0) {
      const of = wanted[0] ?? raise("there is no output to differentiate");
      const first = graph.outputs.find(({ node }) => node === of.node);
      const seed = told.seed === null ? null : array({ name: null, file: told.seed });
      const inputs = told.gradients.map(({ name }, i) => specOf(graph.inputs, name, i));
      const made = withGradients(graph, of.node, inputs, seed !== null);
      full = made.graph;
      if (seed && made.seed !== undefined)
        fed.push({ node: made.seed, value: asTensor(ordered(seed, first ?? {}), "float32") });
      told.gradients.forEach((given, i) => {
        const node = made.grads[i] ?? raise(`no gradient reaches '${String(given.name)}'`);
        const spec = inputs[i] ?? {};
        wanted.push({
          what: `gradient ${given.name ?? i}`,
          node,
          array: ordered(array(given), spec),
        });
      });
    }
    const compareExplained = (): ReturnType<typeof explained> =>
      explained(folder, { file, engine, told: told.explained, options }, at(fed, 0).value);
    if (wanted.length === 0) return parameters.map(({ what, error }) => limited(what, error));
    const program = await engine.compile(
      full,
      fed.map(({ node }) => node),
      wanted.map(({ node }) => node),
    );
    const results = await program.run(fed.map(({ value }) => value));
    return [
      ...parameters.map(({ what, error }) => limited(what, error)),
      ...wanted.map(({ what, array: expected }, i) =>
        limited(what, relativeError(what, results[i], expected)),
      ),
      ...(told.explain ? await explanations(file, engine, fed, told.size) : []),
      ...(await compareExplained()).map(({ what, found, wanted: own, ...where }) => ({
        ...limited(what, relativeError(what, found, own)),
        ...where,
      })),
    ];
  } finally {
    engine.release(graph);
    graph.weights.close();
  }
}

/** Grad-CAM and Integrated Gradients of the first row. */
async function explanations(
  file: string,
  engine: Engine,
  [picture]: readonly { readonly value: TensorData }[],
  size: Case["size"],
): Promise<Comparison[]> {
  const { value } = picture ?? raise("there is no picture to explain");
  const failures = await explainFailures(
    file,
    engine,
    takeRows(value, 0, 1),
    size ? { inputSize: size } : {},
  );
  return Object.entries(failures).map(([what, reason]) =>
    reason === null
      ? { what, error: 0, limit: LIMIT }
      : { what, error: Infinity, limit: LIMIT, reason },
  );
}

/** d sum(of * seed) / d input for each input; without a seed it is ones. */
function withGradients(
  graph: ModelGraph,
  of: NodeId,
  inputs: readonly TensorSpec[],
  seeded: boolean,
): ReturnType<typeof differentiate> & { readonly seed: NodeId | undefined } {
  const builder = new GraphBuilder(graph.nodes);
  const seed = seeded ? builder.input("seed", builder.shape(of)) : undefined;
  const nodes = inputs.map(({ node }) => node);
  return { ...differentiate({ ...graph, nodes: builder.nodes }, of, nodes, seed), seed };
}

async function compareWeights(
  graph: ModelGraph,
  wanted: Case["weights"],
  array: (named: Named) => NumPyArray,
): Promise<{ what: string; error: number }[]> {
  const all: { what: string; error: number }[] = [];
  for (const given of wanted) {
    const layer = layerOf(graph, given.name ?? "");
    const weight =
      layer.weights.find(({ name }) => name === given.parameter) ??
      raise(
        `'${layer.name}' has no '${given.parameter}', only ${layer.weights.map(({ name }) => name).join(", ")}`,
      );
    const what = `weight ${layer.name}/${weight.name}`;
    const expected = array(given);
    const value = await graph.weights.read(weight.ref);
    all.push({ what, error: relativeError(what, value, kernelOrder(expected, weight.shape)) });
  }
  return all;
}

/** Kernels of torch and ONNX (outputs, inputs, positions) as the graph has them (positions, inputs, outputs). */
function kernelOrder(array: NumPyArray, shape: readonly number[]): NumPyArray {
  const same = array.shape.join() === shape.join();
  const rank = shape.length;
  if (same || array.shape.length !== rank || rank < 2) return array;
  const positions = Array.from({ length: rank - 2 }, (_, i) => i + 2);
  const orders = [
    [...positions, 1, 0],
    [...positions, 0, 1],
  ];
  const fits = orders.find((perm) => perm.map((axis) => array.shape[axis]).join() === shape.join());
  return fits ? transpose(array, fits) : array;
}

/** `fileShape` is there where the file's axes are in another order: channels first, or what is before the batch. */
function ordered(array: NumPyArray, { fileShape }: { fileShape?: Shape }): NumPyArray {
  const batch = fileShape?.indexOf(null) ?? 0;
  if (batch <= 0) return toGraphOrder(array, fileShape !== undefined);
  const others = array.shape.flatMap((_, axis) => (axis === batch ? [] : axis));
  return transpose(array, [batch, ...others]);
}

function specOf(specs: readonly TensorSpec[], name: string | null, index: number): TensorSpec {
  const found = name === null ? specs[index] : specs.find((spec) => spec.name === name);
  return (
    found ??
    raise(
      `there is no '${name ?? index}', only ${specs.map((s) => s.name).join(", ") || "nothing"}`,
    )
  );
}

function layerOf({ layers }: ModelGraph, name: string): Layer {
  return (
    layers.find((layer) => layer.name === name) ??
    layers.find(({ aliases }) => aliases?.includes(name)) ??
    raise(`there is no layer '${name}'`)
  );
}

/** Largest difference relative to the largest finite magnitude; not-a-number and infinities must be where the library has them. */
function relativeError(what: string, actual: TensorData | undefined, wanted: NumPyArray): number {
  if (!actual) return raise(`${what} was not computed`);
  if (actual.shape.join() !== wanted.shape.join())
    return raise(
      `${what} is [${actual.shape.join(", ")}] and should be [${wanted.shape.join(", ")}]`,
    );
  let [difference, magnitude] = [0, 0];
  wanted.data.forEach((value, i) => {
    const ours = actual.data[i] ?? NaN;
    if (Object.is(ours, value) || ours === value || (Number.isNaN(ours) && Number.isNaN(value)))
      difference = Math.max(difference, 0);
    else {
      const apart = Math.abs(ours - value);
      difference = Math.max(difference, Number.isNaN(apart) ? Infinity : apart);
    }
    if (Number.isFinite(value)) magnitude = Math.max(magnitude, Math.abs(value));
  });
  return difference === 0 ? 0 : difference / (magnitude || 1);
}

function raise(message: string): never {
  throw new RangeError(message);
}
