/** GraphDef out of protocol buffers (tensorflow/core/framework/graph.proto). */
import type { Message } from "../bytes/protobuf.ts";
import { functionName, readFunction } from "./function-def.ts";
import { pushNode, readNode } from "./node-def.ts";
import type { TfFunction, TfGraph, TfNode } from "./types.ts";

/** `file` is the model's name in messages. */
export function readGraphDef(message: Message, file: string): TfGraph {
  const nodes: TfNode[] = [];
  const bodies = new Map<string, Message>();
  const read = new Map<string, TfFunction>();
  for (const field of message.fields()) {
    if (field.number === 1) pushNode(nodes, readNode(field.message(), file), file);
    else if (field.number === 2)
      for (const item of field.message().fields())
        if (item.number === 1) bodies.set(functionName(item.message()), item.message());
  }
  return {
    nodes,
    fn: (name) => {
      const body = bodies.get(name);
      const known = read.get(name) ?? (body && readFunction(body, file));
      if (known) read.set(name, known);
      return known;
    },
  };
}
