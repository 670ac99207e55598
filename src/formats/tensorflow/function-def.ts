/** FunctionDef out of protocol buffers (tensorflow/core/framework/function.proto). */
import type { Message } from "../bytes/protobuf.ts";
import { attribute, entry, pushNode, readNode } from "./node-def.ts";
import type { FileShape, TfFunction, TfNode } from "./types.ts";

/** The name of a function, without reading its body. */
export function functionName(message: Message): string {
  for (const field of message.fields())
    if (field.number === 1)
      for (const part of field.message().fields()) if (part.number === 1) return part.text();
  return "";
}

/** A function with its body; `file` is the model's name in messages. */
export function readFunction(message: Message, file: string): TfFunction {
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
    } else if (field.number === 3) pushNode(nodes, readNode(field.message(), file), file);
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
