/** ONNX's protocol buffers (onnx.proto3), as far as they tell a network. Tensors keep their bytes in the file. */
import type { Message } from "../bytes/protobuf.ts";
import { Impossible } from "../lower/unsupported.ts";
import { impossible, parseTensor, type StoredTensor } from "./tensor.ts";

/** onnx.ModelProto: the network, what wrote it, and the operation sets that it is written in. */
export interface OnnxModel {
  readonly irVersion: number;
  readonly producer: string;
  readonly producerVersion: string;
  readonly graph: OnnxGraph;
  /** Version of each domain; "" is ONNX's own. */
  readonly opsets: ReadonlyMap<string, number>;
  /** By `functionKey`. */
  readonly functions: ReadonlyMap<string, OnnxFunction>;
  /** What the exporter wrote beside the network. */
  readonly metadata: ReadonlyMap<string, string>;
}
/**
 * onnx.GraphProto: the network, or a graph that an attribute holds (a branch of `If`). Nodes are in
 * topological order.
 */
export interface OnnxGraph {
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly StoredTensor[];
  /** Sparse ones are not read: only their names. */
  readonly sparse: readonly string[];
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  readonly values: readonly ValueInfo[];
}
/** onnx.FunctionProto: an operation that the file defines by others; values are local to it. */
export interface OnnxFunction {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly nodes: readonly OnnxNode[];
  readonly opsets: ReadonlyMap<string, number>;
  /** Attributes with a value that stands when a call gives none. */
  readonly defaults: ReadonlyMap<string, Attribute>;
}
/** onnx.NodeProto: one operation. An input or output with the name '' is left out. */
export interface OnnxNode {
  readonly name: string;
  readonly op: string;
  readonly domain: string;
  readonly overload: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, Attribute>;
  readonly metadata: ReadonlyMap<string, string>;
}
/** onnx.AttributeProto: the member of its type is there, lists are empty for other types. */
export interface Attribute {
  readonly name: string;
  readonly float?: number;
  readonly int?: number;
  readonly text?: string;
  readonly tensor?: StoredTensor;
  readonly graph?: OnnxGraph;
  readonly floats: readonly number[];
  readonly ints: readonly number[];
  readonly texts: readonly string[];
  /** In a function: the attribute of the call that gives the value. */
  readonly reference?: string;
}
/** A named value; a size that is free is a text, or null without a name. */
export interface ValueInfo {
  readonly name: string;
  readonly type: number;
  readonly shape: readonly (number | string | null)[] | null;
}

/** `domain:name:overload`; ONNX's own domain, `ai.onnx`, is written ''. */
export const functionKey = (domain: string, name: string, overload: string): string =>
  `${domain === "ai.onnx" ? "" : domain}:${name}:${overload}`;

/**
 * A ModelProto without its training part; a model without a graph gets an empty one. Throws a
 * ConvLensError of kind `input` for bytes that are no such message and shapes that cannot be.
 */
export function parseModel(message: Message): OnnxModel {
  let [irVersion, producer, producerVersion] = [0, "", ""];
  let graph: OnnxGraph | null = null;
  const opsets = new Map<string, number>();
  const functions = new Map<string, OnnxFunction>();
  const metadata = new Map<string, string>();
  for (const field of message.fields()) {
    if (field.number === 1) irVersion = field.int();
    else if (field.number === 2) producer = field.text();
    else if (field.number === 3) producerVersion = field.text();
    else if (field.number === 7) graph = parseGraph(field.message());
    else if (field.number === 8) addOpset(opsets, field.message());
    else if (field.number === 14) addEntry(metadata, field.message());
    else if (field.number === 25) {
      const { key, made } = parseFunction(field.message());
      functions.set(key, made);
    }
  }
  const empty = { nodes: [], initializers: [], sparse: [], inputs: [], outputs: [], values: [] };
  const made = { irVersion, producer, producerVersion, opsets, functions, metadata };
  return { ...made, graph: graph ?? empty };
}

/** Files in which tensors of the model lie, as it names them; each once. */
export function externalLocations({ graph, functions }: OnnxModel): ReadonlySet<string> {
  const found = new Set<string>();
  const tensor = ({ external }: StoredTensor): void => {
    if (external) found.add(external.location);
  };
  const nodes = (list: readonly OnnxNode[]): void => {
    for (const { attributes } of list)
      for (const attribute of attributes.values()) {
        if (attribute.tensor) tensor(attribute.tensor);
        if (attribute.graph) within(attribute.graph);
      }
  };
  const within = (of: OnnxGraph): void => {
    of.initializers.forEach(tensor);
    nodes(of.nodes);
  };
  within(graph);
  for (const made of functions.values()) nodes(made.nodes);
  return found;
}

function addOpset(opsets: Map<string, number>, message: Message): void {
  let [domain, version] = ["", 0];
  for (const field of message.fields()) {
    if (field.number === 1) domain = field.text();
    else if (field.number === 2) version = field.int();
  }
  opsets.set(domain === "ai.onnx" ? "" : domain, version);
}

function parseGraph(message: Message): OnnxGraph {
  const graph = {
    nodes: [] as OnnxNode[],
    initializers: [] as StoredTensor[],
    sparse: [] as string[],
    inputs: [] as ValueInfo[],
    outputs: [] as ValueInfo[],
    values: [] as ValueInfo[],
  };
  for (const field of message.fields()) {
    if (field.number === 1) graph.nodes.push(parseNode(field.message()));
    else if (field.number === 5) graph.initializers.push(parseTensor(field.message()));
    else if (field.number === 11) graph.inputs.push(parseValue(field.message()));
    else if (field.number === 12) graph.outputs.push(parseValue(field.message()));
    else if (field.number === 13) graph.values.push(parseValue(field.message()));
    else if (field.number === 15) graph.sparse.push(parseSparse(field.message()));
  }
  return graph;
}

/** A sparse tensor's name is that of its values. */
function parseSparse(message: Message): string {
  for (const field of message.fields())
    if (field.number === 1) return parseTensor(field.message()).name;
  return "";
}

function parseFunction(message: Message): { key: string; made: OnnxFunction } {
  let [name, domain, overload] = ["", "", ""];
  const inputs: string[] = [];
  const outputs: string[] = [];
  const nodes: OnnxNode[] = [];
  const opsets = new Map<string, number>();
  const defaults = new Map<string, Attribute>();
  for (const field of message.fields()) {
    if (field.number === 1) name = field.text();
    else if (field.number === 4) inputs.push(field.text());
    else if (field.number === 5) outputs.push(field.text());
    else if (field.number === 7) nodes.push(parseNode(field.message()));
    else if (field.number === 9) addOpset(opsets, field.message());
    else if (field.number === 10) domain = field.text();
    else if (field.number === 11) addAttribute(defaults, field.message());
    else if (field.number === 13) overload = field.text();
  }
  const made = { inputs, outputs, nodes, opsets, defaults };
  return { key: functionKey(domain, name, overload), made };
}

function parseNode(message: Message): OnnxNode {
  let [name, op, domain, overload] = ["", "", "", ""];
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes = new Map<string, Attribute>();
  const metadata = new Map<string, string>();
  for (const field of message.fields()) {
    if (field.number === 1) inputs.push(field.text());
    else if (field.number === 2) outputs.push(field.text());
    else if (field.number === 3) name = field.text();
    else if (field.number === 4) op = field.text();
    else if (field.number === 5) addAttribute(attributes, field.message());
    else if (field.number === 7) domain = field.text();
    else if (field.number === 8) overload = field.text();
    else if (field.number === 9) addEntry(metadata, field.message());
  }
  return { name, op, domain, overload, inputs, outputs, attributes, metadata };
}

function addEntry(entries: Map<string, string>, message: Message): void {
  let [key, value] = ["", ""];
  for (const field of message.fields()) {
    if (field.number === 1) key = field.text();
    else if (field.number === 2) value = field.text();
  }
  entries.set(key, value);
}

/** By onnx.AttributeProto.AttributeType. */
const NOTHINGS: ReadonlyMap<number, Partial<Attribute>> = new Map([
  [1, { float: 0 }],
  [2, { int: 0 }],
  [3, { text: "" }],
]);

/** Throws `Impossible` for one that is there already. */
function addAttribute(attributes: Map<string, Attribute>, message: Message): void {
  const made: { -readonly [K in keyof Attribute]: Attribute[K] } & {
    floats: number[];
    ints: number[];
    texts: string[];
  } = { name: "", floats: [], ints: [], texts: [] };
  let type = 0;
  for (const field of message.fields()) {
    if (field.number === 1) made.name = field.text();
    else if (field.number === 2) made.float = field.float();
    else if (field.number === 3) made.int = field.int();
    else if (field.number === 4) made.text = field.text();
    else if (field.number === 5) made.tensor = parseTensor(field.message());
    else if (field.number === 6) made.graph = parseGraph(field.message());
    else if (field.number === 7) made.floats.push(...field.floats());
    else if (field.number === 8) made.ints.push(...field.ints());
    else if (field.number === 9) made.texts.push(field.text());
    else if (field.number === 20) type = field.int();
    else if (field.number === 21) made.reference = field.text();
  }
  if (attributes.has(made.name)) throw new Impossible(`an attribute '${made.name}' is there twice`);
  // writers of proto3 leave nothings out
  if (made.reference === undefined) Object.assign(made, { ...NOTHINGS.get(type), ...made });
  attributes.set(made.name, made);
}

function parseValue(message: Message): ValueInfo {
  let [name, type] = ["", 0];
  let shape: (number | string | null)[] | null = null;
  for (const field of message.fields()) {
    if (field.number === 1) name = field.text();
    else if (field.number === 2)
      for (const kind of field.message().fields())
        if (kind.number === 1)
          for (const part of kind.message().fields()) {
            if (part.number === 1) type = part.int();
            else if (part.number === 2) shape = parseShape(part.message());
          }
  }
  if (shape?.some((size) => typeof size === "number" && !Number.isSafeInteger(size)))
    throw impossible(message.file, name, shape);
  return { name, type, shape };
}

function parseShape(message: Message): (number | string | null)[] {
  const shape: (number | string | null)[] = [];
  for (const field of message.fields()) {
    if (field.number !== 1) continue;
    let size: number | string | null = null;
    for (const part of field.message().fields()) {
      if (part.number === 1) size = part.int();
      else if (part.number === 2) size = part.text();
    }
    // exporters write 0 or a number below for a size that they do not know
    shape.push(typeof size === "number" && size < 1 ? null : size);
  }
  return shape;
}
