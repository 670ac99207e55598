import { inputError } from "../../base/errors.ts";
import type { ModelGraph } from "../../graph/index.ts";
import type { Shape, TensorData } from "../../base/tensor.ts";
import { Message } from "../bytes/protobuf.ts";
import type { FileHead, Format, ReadOptions } from "../format.ts";
import { concreteShape, WHOLE_PIXELS } from "../input-size.ts";
import { Assembly } from "./build.ts";
import { fixedBatchNote, preferFreeBatch } from "../lower/free-batch.ts";
import { ExternalFiles } from "./external.ts";
import type { Sizes } from "./input-order.ts";
import { externalLocations, parseModel, type OnnxModel, type ValueInfo } from "./proto.ts";
import { factsOf } from "./metadata.ts";
import { readTensor, type ReadExternal, type StoredTensor } from "./tensor.ts";

/** Fields of onnx.ModelProto with their wire types. */
const FIELDS: ReadonlyMap<number, number> = new Map([
  [1, 0],
  [2, 2],
  [3, 2],
  [4, 2],
  [5, 0],
  [6, 2],
  [7, 2],
  [8, 2],
  [14, 2],
  [20, 2],
  [25, 2],
  [26, 2],
]);

/** `.onnx`: a ModelProto, told by its first fields; tensors may lie in files beside it. */
export const onnx: Format = {
  name: "ONNX",
  extensions: [".onnx"],
  match: ({ source, name, bytes }) => {
    // the version of the format or the graph comes first
    if (bytes[0] !== 0x08 && bytes[0] !== 0x3a && bytes[0] !== 0x12 && bytes[0] !== 0x42)
      return false;
    let version = false;
    try {
      for (const { number, wire } of Message.of(source).fields()) {
        if (FIELDS.get(number) !== wire) return false;
        if (number === 1 || number === 8) version = true;
        if (number === 7 && version) return true;
      }
      return false;
    } catch {
      // cut short behind a beginning that fits
      return version && name.toLowerCase().endsWith(".onnx");
    }
  },
  open: (file, options) => Promise.resolve().then(() => openOnnx(file, options)),
};

/** Where the numbers of a model are: in its file, and in files beside it. */
export interface OnnxNumbers {
  /** Of the file, for messages. */
  readonly name: string;
  /** Throws a ConvLensError of kind `input`. */
  read(tensor: StoredTensor): TensorData;
  close(): void;
}

function openOnnx(file: FileHead, options: ReadOptions): ModelGraph {
  const model = parseNetwork(file);
  const numbers = numbersOf(file, model);
  try {
    return onnxGraph(model, numbers, options);
  } catch (error) {
    numbers.close();
    throw error;
  }
}

/** The model's protocol buffer. Throws a ConvLensError of kind `input` where there is no network in it. */
export function parseNetwork({ source, name }: Pick<FileHead, "source" | "name">): OnnxModel {
  const model = parseModel(Message.of(source));
  if (model.graph.nodes.length > 0) return model;
  throw inputError(`'${name}' holds no network (its graph has no nodes); export the model again.`);
}

/** The numbers of a file and of those that it names; nothing is read before it is asked for. */
export function numbersOf(
  { source, name, path, generation }: FileHead,
  model: OnnxModel,
): OnnxNumbers {
  const external = new ExternalFiles(path, generation);
  for (const location of externalLocations(model)) external.expect(location);
  const beside: ReadExternal = (data, length, tensor) => external.read(data, length, tensor);
  return {
    name,
    read: (tensor) => readTensor(tensor, name, beside),
    close: () => {
      source.close();
      external.close();
    },
  };
}

/** The graph of a model with these numbers. */
export function onnxGraph(
  model: OnnxModel,
  numbers: OnnxNumbers,
  options: ReadOptions,
): ModelGraph {
  const { graph } = model;
  const given = new Set(graph.initializers.map(({ name }) => name));
  const inputs = graph.inputs.filter(({ name }) => !given.has(name));
  const attempt = (sizes: Sizes, notes: Set<string>): Attempt => {
    const assembly = new Assembly(numbers.name, model, sizes, (tensor) => numbers.read(tensor));
    const specs = assembly.graph();
    const layers = assembly.layers.finish();
    return { assembly, ...specs, layers, notes };
  };
  const { assembly, layers, notes, ...specs } = best(inputs, options, attempt);
  for (const note of [...assembly.notes, ...remarks(model, assembly.missing)]) notes.add(note);
  const version = model.opsets.get("") ?? 0;
  return {
    format: `ONNX (operation set ${version})`,
    producer: [model.producer, model.producerVersion].filter(Boolean).join(" ") || null,
    ...specs,
    nodes: assembly.network.builder.nodes,
    layers,
    weights: assembly.network.store(() => {
      numbers.close();
    }),
    notes: [...notes],
    ...factsOf(model.metadata),
    ...(assembly.network.wholePictures && { scaling: WHOLE_PIXELS }),
  };
}

interface Attempt extends Pick<ModelGraph, "inputs" | "outputs" | "layers"> {
  readonly assembly: Assembly;
  readonly notes: Set<string>;
}

/**
 * Exporters fix the batch that they saw, although hardly a network depends on it: the batch is read as free where everything
 * still fits, else as the file has it.
 */
function best(
  inputs: readonly ValueInfo[],
  options: ReadOptions,
  attempt: (sizes: Sizes, notes: Set<string>) => Attempt,
): Attempt {
  const batchOf = ({ shape }: ValueInfo): number | string | null => shape?.[0] ?? null;
  const named = inputs.some(
    ({ shape }) => shape !== null && shape.length > 0 && typeof shape[0] !== "number",
  );
  const pictures = inputs.filter(({ shape }) => shape?.length === 4);
  const fixed = inputs.map(batchOf).find((size) => typeof size === "number");
  const seen = typeof fixed === "number" ? fixed : 1;
  const isSecond = batchSecond(inputs);
  const free = (): Attempt => {
    const notes = new Set<string>();
    const shapeOf = (input: ValueInfo): Shape => {
      const own = batchOf(input) !== seen && typeof batchOf(input) === "number";
      const second = isSecond(input);
      return concrete(input, options, notes, own && !second ? seen : null, second);
    };
    return attempt({ shapeOf, batch: seen }, notes);
  };
  const bound = (): Attempt => {
    const notes = new Set<string>();
    return attempt(
      { shapeOf: (input) => concrete(input, options, notes, seen, isSecond(input)), batch: null },
      notes,
    );
  };
  if (!named && (pictures.length === 0 || pictures.some((input) => batchOf(input) !== seen)))
    return bound();
  const first = free();
  const best = preferFreeBatch(first, bound);
  if (best !== first) best.notes.add(fixedBatchNote(seen));
  return best;
}

/** Whether the second axis of an input [2, batch, 128] is what others have as their first: the states of a recurrent layer. */
function batchSecond(inputs: readonly ValueInfo[]): (input: ValueInfo) => boolean {
  const firsts = inputs.map(({ shape }) => shape?.[0]);
  return ({ shape }) => {
    if (shape?.length !== 3 || typeof shape[0] !== "number") return false;
    return (
      typeof shape[1] !== "number" && typeof shape[2] === "number" && firsts.includes(shape[1])
    );
  };
}

/** `batch` null: free. Sizes that the file leaves open are filled in. */
function concrete(
  { name, shape }: ValueInfo,
  { inputSize }: ReadOptions,
  notes: Set<string>,
  batch: number | null,
  second: boolean,
): Shape {
  const sizes = (shape ?? []).map((size) => (typeof size === "number" ? size : null));
  if (sizes.length === 0) return [];
  if (second) {
    // layers and directions of a recurrent state come before the batch
    const [lead = 1, , ...width] = sizes;
    return [lead, batch, ...width.map((size) => size ?? 1)];
  }
  const [, ...rest] = concreteShape([null, ...sizes.slice(1)], inputSize, name, notes);
  const [own] = sizes;
  return [batch === null ? null : (own ?? batch), ...rest];
}

function* remarks(model: OnnxModel, missing: ReadonlyMap<string, number>): Generator<string> {
  if (missing.size > 0) {
    const all = [...missing]
      .sort()
      .map(([name, times]) => (times > 1 ? `${name} (${times})` : name));
    yield `Operations that are not executed: ${all.join(", ")}.`;
  }
  const { nodes } = model.graph;
  const biased = nodes.some(({ op, inputs }) => op === "Conv" && inputs.length > 2);
  const normalised = nodes.some(({ op }) => op === "BatchNormalization");
  if (model.producer === "pytorch" && biased && !normalised)
    yield "PyTorch's exporter folds batch normalization into the convolutions before it: if the network has any, its kernels here are scaled by it.";
}
