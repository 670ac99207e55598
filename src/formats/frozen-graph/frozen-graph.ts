/** Frozen graphs: a GraphDef whose variables are constants, without a signature. */
import { inputError } from "../../base/errors.ts";
import type { ModelGraph } from "../../graph/index.ts";
import { Message } from "../bytes/protobuf.ts";
import type { ByteSource } from "../bytes/source.ts";
import type { FileHead, Format, ReadOptions } from "../format.ts";
import { buildGraph } from "../tensorflow/build.ts";
import { Constants } from "../tensorflow/constants.ts";
import { endsOf } from "../tensorflow/ends.ts";
import { readGraphDef } from "../tensorflow/graph-def.ts";

/** `.pb` files that begin with a node; inputs and outputs are found by what depends on what. */
export const frozenGraph: Format = {
  name: "TensorFlow frozen graph",
  extensions: [".pb"],
  match: ({ bytes, source }) => bytes[0] === 0x0a && beginsWithNode(source),
  open: (head, options) => Promise.resolve().then(() => read(head, options)),
};

/** The first field is a node: its name, and an operation. */
function beginsWithNode(source: ByteSource): boolean {
  try {
    for (const field of Message.of(source).fields()) {
      const parts = new Map<number, string>();
      for (const part of field.message().fields())
        if (part.number <= 2) parts.set(part.number, part.text());
      const [name, op] = [parts.get(1), parts.get(2)];
      return Boolean(name) && op !== undefined && /^[A-Z_]\w*(>\w+)?$/.test(op);
    }
    return false;
  } catch {
    return false;
  }
}

function read({ name, source }: FileHead, options: ReadOptions): ModelGraph {
  const graph = readGraphDef(Message.of(source), name);
  const { inputs, outputs } = endsOf(graph.nodes);
  const variable = graph.nodes.find(({ op }) => /^(VarHandleOp|VariableV2|Variable)$/.test(op));
  if (inputs.length === 0 || outputs.length === 0)
    throw inputError(
      `'${name}' is a TensorFlow graph without an input that reaches an output; freeze the graph of the network itself.`,
    );
  if (variable)
    throw inputError(
      `'${name}' is a TensorFlow graph whose variables ('${variable.name}') are not in it; freeze it, or open the SavedModel folder.`,
    );
  const constants = new Constants();
  return buildGraph({
    file: name,
    format: "TensorFlow frozen graph",
    producer: null,
    graph,
    inputs,
    outputs,
    storedAs: (node, path) => constants.valueOf(node, path),
    classes: new Map(),
    options,
    notes: [],
    close: () => {
      source.close();
    },
  });
}
