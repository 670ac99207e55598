/** NodeDef and AttrValue out of protocol buffers (tensorflow/core/framework/{node_def,attr_value}.proto). */
import { inputError } from "../../base/errors.ts";
import type { Field, Message } from "../bytes/protobuf.ts";
import { shapeOf, storedTensor } from "./tensors.ts";
import { dataType, type Attribute, type FileShape, type TfNode } from "./types.ts";

/** More nodes than any network has. */
const MAX_NODES = 500_000;

/** Throws a ConvLensError of kind `input` when there are more than any network has. */
export function pushNode(nodes: TfNode[], node: TfNode, file: string): void {
  nodes.push(node);
  if (nodes.length > MAX_NODES)
    throw inputError(`'${file}' has more than ${MAX_NODES} operations, which no network has.`);
}

/** One operation; `file` is the model's name in messages. */
export function readNode(message: Message, file: string): TfNode {
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

/** The value of an attribute; `what` names it in messages. */
export function attribute(message: Message, what: string): Attribute {
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
