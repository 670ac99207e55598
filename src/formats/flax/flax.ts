/** `.msgpack`: what flax.serialization.to_bytes writes of a tree of parameters, as in `flax_model.msgpack`; weights without a network. */
import { inputError } from "../../base/errors.ts";
import { sizeOf } from "../../base/tensor.ts";
import { SourceWindow, type ByteSource } from "../bytes/source.ts";
import type { FileHead, Format } from "../format.ts";
import { elementBytes } from "../tensors/elements.ts";
import { weightsGraph, type WeightsAlone } from "../tensors/graph.ts";
import type { NamedTensor } from "../tensors/layers.ts";
import { rowMajor } from "../tensors/stored.ts";
import { isMap, isPiece, MessagePack, type Packed, type PackedMap, type Piece } from "./msgpack.ts";

/** flax.serialization._MsgpackExtType: an array, as (shape, name of its type, its numbers). */
const ARRAY = 1;
/** Collections beside the parameters: what batch normalization keeps is shown, the state of an optimizer is not. */
const TRAINING = /^(opt_state|step|rng\w*|tx)$/;
const ROOTS = /^(params|batch_stats)$/;

export const flax: Format = {
  name: "Flax msgpack",
  extensions: [".msgpack"],
  // a map whose first key is a short text
  match: ({ name, bytes: [first = 0, second = 0] }) =>
    /\.msgpack$/i.test(name) &&
    ((first >= 0x80 && first < 0x90) || first === 0xde || first === 0xdf) &&
    (first >= 0xde || (second >= 0xa0 && second < 0xc0) || second === 0xd9),
  open: async (head, options) => weightsGraph(head.source, read(head), options),
};

function read({ source, name, size }: FileHead): WeightsAlone {
  const packed = new MessagePack(source, 0, size);
  const root = packed.value();
  const tensors = isMap(root) && packed.position === size ? tensorsIn(root, source) : [];
  if (tensors.length === 0)
    throw inputError(
      `'${name}' holds no tensors of a network; save its parameters with flax.serialization.to_bytes.`,
    );
  const file = {
    format: "Flax msgpack",
    producer: "Flax",
    tensors,
    classes: new Map<string, string>(),
    notes: [],
    notRunnable:
      "The file holds weights without the network's structure: filters can be seen, nothing can be run; save the network as a SavedModel with jax2tf.",
  };
  return { file, networks: [{ path: [], tensors }] };
}

function tensorsIn(root: PackedMap, source: ByteSource): NamedTensor[] {
  const tensors: NamedTensor[] = [];
  const visit = (tree: PackedMap, path: readonly string[], trainable: boolean): void => {
    for (const [key, value] of tree) {
      if (path.length === 0 && TRAINING.test(key)) continue;
      const own = path.length === 0 && ROOTS.test(key) ? [] : [...path, key];
      const isTrained = trainable && key !== "batch_stats";
      if (isMap(value)) visit(value, own, isTrained);
      else if (isPiece(value) && value.extension === ARRAY)
        tensors.push({ ...arrayOf(value, own.join("."), source), trainable: isTrained });
    }
  };
  visit(root, [], true);
  return tensors;
}

const listOf = (value: Packed | undefined): readonly Packed[] =>
  Array.isArray(value) ? (value as readonly Packed[]) : [];

/** Throws a ConvLensError of kind `input` for an array that is not what it says. */
function arrayOf(
  { start, length }: Piece,
  name: string,
  source: ByteSource,
): Omit<NamedTensor, "trainable"> {
  const value = new MessagePack(source, start, start + length).value();
  const [shape, type, numbers] = listOf(value);
  const sizes = listOf(shape);
  const whole = sizes.every((n): n is number => Number.isSafeInteger(n) && Number(n) >= 0);
  const bytes = typeof type === "string" ? elementBytes(type) : null;
  if (!whole || typeof type !== "string" || !isPiece(numbers))
    throw inputError(`'${source.name}' says of '${name}' what cannot be; save it again.`);
  if (bytes !== null && sizeOf(sizes) * bytes !== numbers.length)
    throw inputError(
      `'${source.name}' says of '${name}' what cannot be ([${sizes.join(", ")}] of ${type} in ${numbers.length} bytes); save it again.`,
    );
  const storage = {
    bytes: numbers.length,
    bigEndian: false,
    open: () => new SourceWindow(source, `${source.name}/${name}`, numbers.start, numbers.length),
  };
  return { name, type, shape: sizes, strides: rowMajor(sizes), offset: 0, storage };
}
