/** What no file's shapes may be, whatever format it is of. */
import { sizeOf, type Shape } from "../base/tensor.ts";
import { isMade, onePicture, type ModelGraph, type NodeId } from "../graph/index.ts";
import { Impossible } from "./lower/unsupported.ts";

/** Numbers that follow from parameters alone and are more than their parameters' are held, whatever is asked: 256 MB. */
const MOST_GROWN = 2 ** 26;

/**
 * Throws `Impossible` for an input that no numbers are an example of, for shapes that one picture cannot have, for a layer or an output
 * without a number, and for few parameters that are made into many.
 */
export function checkShapes({ inputs, outputs, nodes }: ModelGraph): void {
  for (const { name, shape } of inputs)
    if (!shape.every((size) => size === null || (Number.isSafeInteger(size) && size >= 1)))
      throw new Impossible(`its input '${name}' has the shape ${told(shape)}`);
  for (const { name, shape } of outputs)
    if (shape.includes(0))
      throw new Impossible(`its output '${name}' has the shape ${told(shape)}: no number`);
  checkGrowth(nodes);
  try {
    onePicture(nodes);
  } catch (error) {
    if (error instanceof RangeError) throw new Impossible(`for one picture ${error.message}`);
    throw error;
  }
}

function checkGrowth(nodes: ModelGraph["nodes"]): void {
  /** Of what depends on no input. */
  const cells = new Map<NodeId, number>();
  for (const node of nodes) {
    const { id, op, shape } = node;
    if (!isMade(node)) {
      if (op === "weight" || op === "constant") cells.set(id, sizeOf(shape.map(Number)));
      continue;
    }
    if (shape.includes(0))
      throw new Impossible(`'${id}' computes the shape ${told(shape)}: no number`);
    const from = [...new Set(node.inputs)].map((input) => cells.get(input) ?? NaN);
    const given = from.reduce((sum, count) => sum + count, 0);
    if (Number.isNaN(given)) continue;
    const own = sizeOf(shape.map(Number));
    if (own > MOST_GROWN && own > given)
      throw new Impossible(`'${id}' makes ${own} numbers of ${given} parameters`);
    cells.set(id, own);
  }
}

const told = (shape: Shape): string => `[${shape.map((size) => size ?? "?").join(", ")}]`;
