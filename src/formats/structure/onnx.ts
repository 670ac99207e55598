/** The structure in an ONNX file: keys are the names of its initialisers, as far as the exporter kept them. */
import { sizeOf } from "../../base/tensor.ts";
import type { ByteSource } from "../bytes/source.ts";
import { onnxGraph, type OnnxNumbers } from "../onnx/onnx.ts";
import type { OnnxModel } from "../onnx/proto.ts";
import { dtypeOf, storedName, type StoredTensor as Initializer } from "../onnx/tensor.ts";
import { readTensor, type StoredTensor } from "../tensors/stored.ts";
import { ofNumbers } from "./memory.ts";
import { withoutWeights } from "./onnx-weights.ts";
import { MAX_STRUCTURE } from "./packed.ts";
import { pairings } from "./prefixes.ts";
import type { Place, Structure } from "./structure.ts";

/** An ONNX file, with and without its weights. */
export interface OnnxFile {
  readonly source: ByteSource;
  readonly model: OnnxModel;
  readonly numbers: OnnxNumbers;
}

/** Names that exporters make up: `onnx::Conv_193`, `/layer/Constant_output_0`, `val_12`. */
const MADE_UP = /^(onnx::|\/|val_|_)|^\d+$/;

/** See the head of this file. */
export function structureOfOnnx({ model, numbers, source: own }: OnnxFile): Structure {
  const { initializers } = model.graph;
  const byName = new Map(initializers.map((tensor) => [tensor.name, tensor]));
  const named = initializers.filter(({ name }) => !MADE_UP.test(name));
  const weights = initializers.filter((tensor) => MADE_UP.test(tensor.name) && isWeight(tensor));
  const places = named.map((tensor): Place => {
    const { name, shape, type } = tensor;
    const whole = dtypeOf(type) !== "float32";
    const kept = whole ? ofNumbers(name, numbers.read(tensor), dtypeOf(type) === "bool") : null;
    return { key: name, shape, type: storedName(type), ...(kept && { kept }) };
  });
  return {
    name: numbers.name,
    placesFor: (tensors) => [...places, ...byShape(tensors, places, weights)],
    build: ({ tensors, madeUp }, source, options) => {
      const ofFile = new Map(
        [...tensors].map(([key, tensor]) => [madeUp.get(key) ?? key, tensor] as const),
      );
      const both: OnnxNumbers = {
        name: source.name,
        read: (tensor) => {
          const found = ofFile.get(tensor.name);
          return found ? readTensor(found) : numbers.read(tensor);
        },
        close: () => {
          source.close();
          numbers.close();
        },
      };
      return onnxGraph(shaped(model, ofFile), both, options);
    },
    own: ({ key, madeUp }) => {
      const tensor = byName.get(madeUp ?? key);
      return tensor ? numbers.read(tensor) : null;
    },
    pack: () => {
      // weights under names that were made up would be left in it
      if (weights.length > 0) return null;
      const left = places.filter(({ kept }) => !kept).map(({ key }) => key);
      const program = withoutWeights(own, new Set(left));
      if (program.length > MAX_STRUCTURE / 2) return null;
      const { name } = numbers;
      return { kind: "onnx", name, program: program.toString("base64"), tensors: [] };
    },
    close: () => {
      numbers.close();
    },
  };
}

/** Whether it may be a parameter: not a number or a list of sizes. */
const isWeight = ({ shape, type }: Initializer): boolean =>
  dtypeOf(type) === "float32" && sizeOf(shape) > 1;

/**
 * Keys of the file that no initialiser is called by, with the one that has their shape: only where every one of them has exactly one, and it
 * no other. Else none: what an exporter folded into a kernel has no place any more.
 */
function byShape(
  tensors: readonly StoredTensor[],
  places: readonly Place[],
  weights: readonly Initializer[],
): Place[] {
  const keys = new Set(places.map(({ key }) => key));
  const [pairing] = pairings(
    tensors.map(({ name }) => name),
    [...keys],
  );
  const { filePrefix = "", placePrefix = "" } = pairing ?? {};
  const keyOf = (name: string): string =>
    name.startsWith(filePrefix) ? placePrefix + name.slice(filePrefix.length) : name;
  const homeless = tensors.filter(({ name, shape }) => !keys.has(keyOf(name)) && shape.length > 0);
  const found = homeless.map(({ name, shape, type }) => {
    const same = weights.filter((weight) => weight.shape.join() === shape.join());
    const [only] = same;
    return only && same.length === 1 ? { key: keyOf(name), shape, type, madeUp: only.name } : null;
  });
  const taken = new Set(found.map((place) => place?.madeUp));
  const clear = found.filter((place) => place !== null);
  return clear.length === homeless.length && taken.size === homeless.length ? clear : [];
}

/** Initialisers with the shapes of what is poured into them. */
function shaped(model: OnnxModel, ofFile: ReadonlyMap<string, StoredTensor>): OnnxModel {
  const initializers = model.graph.initializers.map((tensor): Initializer => {
    const own = ofFile.get(tensor.name);
    return own ? { ...tensor, shape: own.shape } : tensor;
  });
  return { ...model, graph: { ...model.graph, initializers } };
}
