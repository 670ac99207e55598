/** Calls that say what a loss takes, and how large pictures are. */
import type { Node } from "web-tree-sitter";
import type { CodeSpan, Library, SizeUse } from "../shared/contract/code.ts";
import type { Arguments } from "./python/values.ts";
import { numbers, whole, type Value } from "./python/values.ts";

/** A loss of the script, and what it takes the network's outputs for. */
export interface Loss {
  readonly library: Library;
  readonly takes: "logits" | "probabilities";
  readonly node: Node;
}

/** One softmax over classes; binary losses end in a sigmoid. */
const KERAS_LOSS =
  /(^|\.)(Sparse)?CategoricalCrossentropy$|(^|\.)(sparse_)?categorical_crossentropy$/;
const TORCH_LOSS = /^torch\.nn\.(CrossEntropyLoss|functional\.cross_entropy)$/;

/** The loss that a call makes or computes; null for any other call. */
export function lossOf(path: string, { named }: Arguments, node: Node): Loss | null {
  if (TORCH_LOSS.test(path)) return { library: "torch", takes: "logits", node };
  if (!KERAS_LOSS.test(path)) return null;
  const given = named.get("from_logits");
  if (given && given.kind !== "bool") return null; // what only a run knows
  const argument = argumentNode(node, "from_logits");
  const takes = given?.value === true ? "logits" : "probabilities";
  return { library: "keras", takes, node: argument ?? node };
}

/** `model.compile(..., loss="sparse_categorical_crossentropy")`: by its name a loss takes probabilities. */
export function lossByName(loss: Value | undefined, node: Node): Loss | null {
  if (loss?.kind !== "text" || !KERAS_LOSS.test(loss.value)) return null;
  return { library: "keras", takes: "probabilities", node: argumentNode(node, "loss") ?? node };
}

const PLACE_OF_SIZE: readonly (readonly [RegExp, SizeUse["kind"], number, string])[] = [
  [/(^|\.)image\.resize(_with_pad)?$/, "resize", 1, "size"],
  [/\.layers\.Resizing$/, "resize", 0, "height"],
  [/^torchvision\.transforms(\.v2)?\.Resize$/, "resize", 0, "size"],
  [
    /^torchvision\.transforms(\.v2)?\.(CenterCrop|RandomCrop|RandomResizedCrop)$/,
    "crop",
    0,
    "size",
  ],
  [/(^|\.)load_img$/, "resize", -1, "target_size"],
  [/(^|\.)image_dataset_from_directory$/, "resize", -1, "image_size"],
  [/(^|\.)flow_from_(directory|dataframe)$/, "resize", -1, "target_size"],
  [/\.layers\.(CenterCrop|RandomCrop)$/, "crop", 0, "height"],
  [/(^|\.)(resize_with_crop_or_pad|random_crop)$/, "crop", 1, "size"],
  [/keras\.(layers\.)?Input$/, "input", 0, "shape"],
  [/(^|\.)InputLayer$/, "input", 0, "shape"],
];

/** The size of pictures that a call names; null for any other call, or where only a run knows it. */
export function sizeOf(path: string, args: Arguments, node: Node): SizeUse | null {
  const found = PLACE_OF_SIZE.find(([pattern]) => pattern.test(path));
  const input = args.named.has("input_shape") ? "input_shape" : null;
  if (!found && input === null) return null;
  const [, kind, place, name] = found ?? [null, "input" as const, -1, "input_shape"];
  const given =
    input === null ? (args.named.get(name) ?? args.positional[place]) : args.named.get(input);
  const pair =
    name === "height"
      ? [whole(given), whole(args.named.get("width") ?? args.positional[1])]
      : (numbers(given) ?? []);
  // one number is the shorter side's length to torchvision: both sides of a square picture
  const [height, width = height] = pair;
  if (height === null || width === null || height === undefined || width === undefined) return null;
  if (kind === "input" && pair.length !== 3) return null;
  const at =
    argumentNode(node, input ?? name)?.childForFieldName("value") ?? positionalNode(node, place);
  const literal = name !== "height" && at !== null && isLiteral(at);
  return { kind, span: spanOf(literal ? at : node), height, width };
}

/** Numbers in the code itself, which can be put right where they stand. */
const isLiteral = (node: Node): boolean =>
  node.type === "integer" ||
  (/^(tuple|list)$/.test(node.type) && node.namedChildren.every(({ type }) => type === "integer"));

const argumentNode = (call: Node, name: string): Node | null =>
  call
    .childForFieldName("arguments")
    ?.namedChildren.find(
      (child) =>
        child.type === "keyword_argument" && child.childForFieldName("name")?.text === name,
    ) ?? null;

const positionalNode = (call: Node, place: number): Node | null =>
  call
    .childForFieldName("arguments")
    ?.namedChildren.filter(({ type }) => type !== "keyword_argument" && type !== "comment")[
    place
  ] ?? null;

/** Where a node of the syntax tree stands in the code. */
export const spanOf = ({ startPosition, endPosition }: Node): CodeSpan => ({
  line: startPosition.row + 1,
  column: startPosition.column,
  endLine: endPosition.row + 1,
  endColumn: endPosition.column,
});
