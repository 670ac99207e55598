/** GraphDef as TF.js writes it: the JSON form of the protocol buffers. */
import { inputError } from "../../base/errors.ts";
import { isList, isObject, member, text, type Json } from "../json.ts";
import {
  dataType,
  dataTypeNamed,
  type Attribute,
  type DataType,
  type FileShape,
  type SignatureTensor,
  type TfFunction,
  type TfGraph,
  type TfNode,
} from "../tensorflow/types.ts";

const MAX_NODES = 500_000;

/** Throws a ConvLensError of kind `input` where there is no graph. */
export function readTopology(json: Json | undefined, file: string): TfGraph {
  const listed = list(member(json, "node"));
  if (listed.length === 0 || listed.length > MAX_NODES)
    throw inputError(`'${file}' describes no graph; convert the model again.`);
  const functions = new Map<string, TfFunction>();
  for (const item of list(member(member(json, "library"), "function"))) {
    const found = functionOf(item);
    functions.set(found.name, found);
  }
  return { nodes: listed.map(nodeOf), fn: (name) => functions.get(name) };
}

/** What is left out is the default of protocol buffers: empty, or 0. */
const named = (json: Json | undefined): string => text(json) ?? "";
const list = (json: Json | undefined): readonly Json[] => (isList(json) ? json : []);
const entries = (json: Json | undefined): [string, Json][] =>
  isObject(json) ? Object.entries(json) : [];
const texts = (json: Json | undefined): string[] => list(json).flatMap((item) => text(item) ?? []);
/** 64-bit integers are texts in this form. */
const number = (json: Json | undefined): number | undefined =>
  typeof json === "number" || typeof json === "string" ? Number(json) : undefined;

function nodeOf(json: Json): TfNode {
  return {
    name: named(member(json, "name")),
    op: named(member(json, "op")),
    inputs: texts(member(json, "input")),
    attributes: new Map(
      entries(member(json, "attr")).map(([key, value]) => [key, attribute(value)] as const),
    ),
  };
}

/** Texts are in base64. */
const plain = (encoded: string): string => Buffer.from(encoded, "base64").toString("utf8");

function attribute(json: Json): Attribute {
  const items = member(json, "list");
  const encoded = text(member(json, "s"));
  const bool = member(json, "b");
  const func = text(member(member(json, "func"), "name"));
  return {
    text: encoded === null ? undefined : plain(encoded),
    int: number(member(json, "i")),
    float: number(member(json, "f")),
    bool: typeof bool === "boolean" ? bool : undefined,
    type: typeOf(member(json, "type")),
    shape: shapeOf(member(json, "shape")),
    func: func ?? undefined,
    texts: texts(member(items, "s")).map(plain),
    ints: list(member(items, "i")).flatMap((item) => number(item) ?? []),
    shapes: list(member(items, "shape")).map((item) => shapeOf(item) ?? null),
  };
}

function typeOf(json: Json | undefined): DataType | undefined {
  if (typeof json === "number") return dataType(json);
  return typeof json === "string" ? dataTypeNamed(json) : undefined;
}
function shapeOf(json: Json | undefined): FileShape | undefined {
  if (!isObject(json)) return undefined;
  if (member(json, "unknownRank") === true) return null;
  return list(member(json, "dim")).map((dim) => {
    const size = number(member(dim, "size")) ?? 0;
    return size === -1 ? null : size;
  });
}

function functionOf(json: Json): TfFunction {
  const signature = member(json, "signature");
  const args = list(member(signature, "inputArg")).map((arg) => named(member(arg, "name")));
  const returned = new Map(entries(member(json, "ret")));
  return {
    name: named(member(signature, "name")),
    args,
    nodes: list(member(json, "nodeDef")).map(nodeOf),
    returns: list(member(signature, "outputArg")).map((arg) => {
      const output = named(member(arg, "name"));
      return text(returned.get(output)) ?? output;
    }),
    argShapes: args.map(() => undefined),
  };
}

/** `signature.inputs` or `.outputs`: { name: { name: "image:0", dtype, tensorShape } } */
export function signatureTensors(json: Json | undefined): SignatureTensor[] {
  return entries(json).map(([name, info]) => ({
    name,
    tensor: text(member(info, "name")) ?? name,
    shape: shapeOf(member(info, "tensorShape")),
    type: typeOf(member(info, "dtype")),
  }));
}
