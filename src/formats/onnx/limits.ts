import { inputError } from "../../base/errors.ts";
import { functionKey, type OnnxFunction, type OnnxModel, type OnnxNode } from "./proto.ts";

/** A file may call functions in functions: what it becomes is counted, not what it declares. */
const MAX_NODES = 200_000;
/** Functions or branches inside one another. */
const MAX_DEPTH = 100;

interface Extent {
  readonly nodes: number;
  readonly depth: number;
}

/**
 * Counts what the nodes become with every function in place of its calls, before any is put there.
 * Throws a ConvLensError of kind `input` beyond what any network needs.
 */
export function checkExtent({ graph, functions }: OnnxModel, file: string): void {
  const known = new Map<OnnxFunction, Extent>();
  const extentOf = (list: readonly OnnxNode[], level: number): Extent => {
    let [nodes, depth] = [list.length, 1];
    const add = (inner: Extent): Extent => {
      nodes += inner.nodes;
      depth = Math.max(depth, inner.depth + 1);
      if (nodes > MAX_NODES || level + depth > MAX_DEPTH) throw tooMuch(file);
      return inner;
    };
    if (level > MAX_DEPTH) throw tooMuch(file);
    for (const { domain, op, overload, attributes } of list) {
      const body = functions.get(functionKey(domain, op, overload));
      if (body) known.set(body, add(known.get(body) ?? extentOf(body.nodes, level + 1)));
      for (const { graph: inner } of attributes.values())
        if (inner) add(extentOf(inner.nodes, level + 1));
    }
    return { nodes, depth };
  };
  extentOf(graph.nodes, 0);
}

const tooMuch = (file: string): Error =>
  inputError(
    `'${file}' calls functions in functions so often or so deep that no network needs it; export the model again.`,
  );
