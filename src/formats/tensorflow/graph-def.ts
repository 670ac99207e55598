/** GraphDef, NodeDef, AttrValue and FunctionDef out of protocol buffers (tensorflow/core/framework/*.proto). */
import { inputError } from "../../base/errors.ts";
import type { Field, Message } from "../bytes/protobuf.ts";
import { shapeOf, storedTensor } from "./tensors.ts";
import {
  dataType,
  type Attribute,
  type FileShape,
  type TfFunction,
  type TfGraph,
  type TfNode,
} from "./types.ts";

/** More nodes than any network has. */
const MAX_NODES = 500_000;

/** `file` is the model's name in messages. */
export function readGraphDef(message: Message, file: string): TfGraph {
  const nodes: TfNode[] = [];
  const bodies = new Map<string, Message>();
  const read = new Map<string, TfFunction>();
  for (const field of message.fields()) {
    if (field.number === 1) push(nodes, nodeOf(field.message(), file), file);
    else if (field.number === 2)
      for (const item of field.message().fields())
        if (item.number === 1) bodies.set(functionName(item.message()), item.message());
  }
  return {
    nodes,
    fn: (name) => {
      const body = bodies.get(name);
      const known = read.get(name) ?? (body && functionOf(body, file));
      if (known) read.set(name, known);
      return known;
    },
  };
}

function push(nodes: TfNode[], node: TfNode, file: string): void {
  nodes.push(node);
  if (nodes.length > MAX_NODES)
    throw inputError(`'${file}' has more than ${MAX_NODES} operations, which no network has.`);
}

function nodeOf(message: Message, file: string): TfNode {
  let [name, op] = ["", ""];
  const inputs: string[] = [];
  const attributes = new Map<string, Attribute>();
  for (const field of message.fields()) {
    if (field.number === 1) name = field.text();
    else if (field.number === 2) op = field.text();
    else if (field.number === 3) inputs.push(field.text());
    else if (field.number === 5) {
      const [key, value] = entry(field.message());
      if (value)
        attributes.set(key, attribute(value.message(), `The constant '${name}' of '${file}'`));
    }
  }
  return { name, op, inputs, attributes };
}

/** One entry of a map: its key, and the field of its value. */
export function entry(message: Message): [key: string, value: Field | undefined] {
  let key = "";
  let value: Field | undefined;
  for (const field of message.fields())
    if (field.number === 1) key = field.text();
    else if (field.number === 2) value = field;
  return [key, value];
}

function attribute(message: Message, what: string): Attribute {
  for (const field of message.fields())
    switch (field.number) {
      case 1:
        return list(field.message());
      case 2:
        return { text: field.text() };
      case 3:
        return { int: field.int() };
      case 4:
        return { float: field.float() };
      case 5:
        return { bool: field.bool() };
      case 6:
        return { type: dataType(field.int()) };
      case 7:
        return { shape: shapeOf(field.message()) };
      case 8:
        return { tensor: storedTensor(field.message(), what) };
      case 10:
        return { func: entry(field.message())[0] };
    }
  // the default of a scalar is not written: false, 0, or an empty text
  return {};
}

function list(message: Message): Attribute {
  const [texts, ints, shapes] = [[] as string[], [] as number[], [] as FileShape[]];
  for (const field of message.fields())
    if (field.number === 2) texts.push(field.text());
    else if (field.number === 3) ints.push(...field.ints());
    else if (field.number === 7) shapes.push(shapeOf(field.message()));
  return { texts, ints, shapes };
}

function functionName(message: Message): string {
  for (const field of message.fields())
    if (field.number === 1)
      for (const part of field.message().fields()) if (part.number === 1) return part.text();
  return "";
}

function functionOf(message: Message, file: string): TfFunction {
  let name = "";
  const [args, outputs] = [[] as string[], [] as string[]];
  const nodes: TfNode[] = [];
  const returned = new Map<string, string>();
  const shapes = new Map<number, FileShape | undefined>();
  for (const field of message.fields()) {
    if (field.number === 1) {
      for (const part of field.message().fields())
        if (part.number === 1) name = part.text();
        else if (part.number === 2) args.push(entry(part.message())[0]);
        else if (part.number === 3) outputs.push(entry(part.message())[0]);
    } else if (field.number === 3) push(nodes, nodeOf(field.message(), file), file);
    else if (field.number === 4) {
      const [key, value] = entry(field.message());
      if (value) returned.set(key, value.text());
    } else if (field.number === 7) {
      const [index, shape] = argShape(field.message(), file);
      shapes.set(index, shape);
    }
  }
  return {
    name,
    args,
    nodes,
    returns: outputs.map((output) => returned.get(output) ?? output),
    argShapes: args.map((_, i) => shapes.get(i)),
  };
}

/** `arg_attr`: { index: { attr: { "_output_shapes": ... } } } */
function argShape(message: Message, file: string): [index: number, shape: FileShape | undefined] {
  let index = 0;
  let shape: FileShape | undefined;
  for (const field of message.fields())
    if (field.number === 1) index = field.int();
    else if (field.number === 2)
      for (const item of field.message().fields()) {
        if (item.number !== 1) continue;
        const [key, value] = entry(item.message());
        if (key === "_output_shapes" && value)
          shape = attribute(value.message(), `An argument of '${file}'`).shapes?.[0];
      }
  return [index, shape];
}
