/** The structure in a TensorFlow graph: its variables are called as the file of weights calls their numbers. */
import { inputError } from "../../base/errors.ts";
import { Message } from "../bytes/protobuf.ts";
import { readBytes, type ByteSource } from "../bytes/source.ts";
import { buildGraph } from "../tensorflow/build.ts";
import { Constants, parameterOf } from "../tensorflow/constants.ts";
import { endsOf } from "../tensorflow/ends.ts";
import { readGraphDef } from "../tensorflow/graph-def.ts";
import { dtypeOf, type StoredParameter, type TfNode } from "../tensorflow/types.ts";
import { readTensor, type StoredTensor } from "../tensors/stored.ts";
import { MAX_STRUCTURE } from "./packed.ts";
import type { Place, Structure } from "./structure.ts";

/** Throws a ConvLensError of kind `input` where it is no graph, or a variable has no key or no shape. */
export function structureOfGraph(source: ByteSource, name: string): Structure {
  const graph = readGraphDef(Message.of(source), name);
  const places = graph.nodes.filter(isVariable).map((node) => placeOf(node, name));
  if (places.length === 0)
    throw inputError(
      `'${name}' is a graph whose weights are in it: open it by itself, it is no structure for others.`,
    );
  return {
    name,
    placesFor: () => [...new Map(places.map((place) => [place.key, place])).values()],
    build: ({ tensors }, weights, options) => {
      const { inputs, outputs } = endsOf(graph.nodes);
      const constants = new Constants();
      return buildGraph({
        file: weights.name,
        format: "TensorFlow graph",
        producer: null,
        ...{ graph, inputs, outputs, options },
        storedAs: (node, path) => {
          const tensor = isVariable(node) ? tensors.get(keyOf(node)) : undefined;
          return tensor ? parameter(node, tensor) : constants.valueOf(node, path);
        },
        classes: new Map(),
        notes: [],
        close: () => {
          weights.close();
          // large constants are read when they are asked for
          source.close();
        },
      });
    },
    own: () => null,
    pack: () => {
      if (source.size > MAX_STRUCTURE / 2) return null;
      const program = readBytes(source, 0, source.size).toString("base64");
      return { kind: "tensorflow", name, program, tensors: [] };
    },
    close: () => {
      source.close();
    },
  };
}

const isVariable = ({ op }: TfNode): boolean => op === "VariableV2";
const keyOf = ({ attributes }: TfNode): string => attributes.get("shared_name")?.text ?? "";

function placeOf(node: TfNode, name: string): Place {
  const key = keyOf(node);
  const shape = node.attributes.get("shape")?.shape;
  const type = node.attributes.get("dtype")?.type;
  if (key === "" || type === undefined || !shape?.every((size) => size !== null))
    throw inputError(`'${name}' does not describe its variable '${node.name}'; make it again.`);
  return { key, shape, type: dtypeOf(type) };
}

function parameter(node: TfNode, tensor: StoredTensor): StoredParameter {
  const { name, attributes } = node;
  const held = {
    ref: keyOf(node),
    name: attributes.get("_name")?.text ?? name,
    shape: tensor.shape,
    dtype: tensor.type === "int32" ? ("int32" as const) : ("float32" as const),
    storedDType: tensor.keptAs ?? tensor.type,
    read: () => readTensor(tensor),
  };
  return parameterOf(held, attributes.get("_trainable")?.bool ?? true);
}
