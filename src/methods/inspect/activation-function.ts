import type { GraphNode, NodeId, Op } from "../../graph/index.ts";

/** An activation function, as far as units can die of it. */
export interface Activation {
  /** Below zero next to nothing comes through (ReLU, ReLU6, SiLU, GELU, hard-swish): a unit that is never above 0 is dead. */
  readonly rectifies: boolean;
}
type Nodes = ReadonlyMap<NodeId, GraphNode>;

const RECTIFIERS: ReadonlySet<Op> = new Set(["relu", "relu6"]);
const OTHERS: ReadonlySet<Op> = new Set(["leakyRelu", "elu", "sigmoid", "tanh", "softplus"]);
/** What makes a function of one tensor more than a scaled copy of it. */
const BENDS: ReadonlySet<Op> = new Set([
  ...[...RECTIFIERS, ...OTHERS],
  ...(["clip", "erf", "abs", "exp", "minimum", "maximum"] as const),
]);
/** Cell by cell, whatever else goes in is a number or a parameter. */
const CELLWISE: ReadonlySet<Op> = new Set([
  ...BENDS,
  ...(["add", "sub", "mul", "div", "neg", "square", "log", "select", "greater", "less"] as const),
  "biasAdd",
]);
/** The longest formula that exporters write out, GELU by tanh, has eleven operations. */
const MOST_STEPS = 16;

/**
 * Whether a node is the output of an activation function, written out or not. Only such maps can be dead: a linear output that
 * stays below 0 is shifted by the batch norm after it.
 */
export function activationOf(node: GraphNode, byId: Nodes): Activation | null {
  if (RECTIFIERS.has(node.op)) return { rectifies: true };
  if (OTHERS.has(node.op)) return { rectifies: false };
  if (node.op === "clip") return { rectifies: node.attrs.min >= 0 };
  return writtenOut(unscaled(node, byId), byId);
}

/** x * gate(x), x / gate(x), relu(x) + f(x), or a choice between functions of x by its sign. */
function writtenOut(node: GraphNode, byId: Nodes): Activation | null {
  const [first, second, third] = node.inputs.flatMap((id) => byId.get(id) ?? []);
  if (!first || !second) return null;
  if (node.op === "mul" || node.op === "div") {
    const pairs = [
      [first, second],
      [second, first],
    ] as const;
    const gated = pairs.some(([x, gate]) => bent(gate, unscaled(x, byId), byId));
    return gated ? { rectifies: node.op === "mul" } : null;
  }
  if (node.op === "add") {
    const above = [first, second].find(({ op }) => op === "relu");
    const below = above === first ? second : first;
    const x = byId.get(above?.inputs[0] ?? "");
    return x && bent(below, x, byId) ? { rectifies: false } : null;
  }
  if (node.op === "select" && third && (first.op === "greater" || first.op === "less")) {
    const [x, bound] = first.inputs.flatMap((id) => byId.get(id) ?? []);
    if (!x || !bound || !isNumber(bound)) return null;
    const whole = [second, third].every((branch) => reaches(branch, x, byId) !== null);
    const otherwise = first.op === "greater" ? third : second;
    return whole ? { rectifies: isNumber(otherwise) } : null;
  }
  return null;
}

/** Without factors that are one number. */
function unscaled(node: GraphNode, byId: Nodes): GraphNode {
  if (node.op !== "mul" && node.op !== "div") return node;
  const [first, second] = node.inputs.flatMap((id) => byId.get(id) ?? []);
  if (!first || !second) return node;
  if (isNumber(second)) return unscaled(first, byId);
  return node.op === "mul" && isNumber(first) ? unscaled(second, byId) : node;
}
const isNumber = ({ op, shape }: GraphNode): boolean =>
  op === "constant" && shape.every((size) => size === 1);

/** Whether a node is a function of `x` alone, cell by cell, and no straight line. */
const bent = (node: GraphNode, x: GraphNode, byId: Nodes): boolean =>
  reaches(node, x, byId)?.some((op) => BENDS.has(op)) ?? false;

/** The operations between `x` and a node that depends on it alone; null when it depends on anything else. */
function reaches(node: GraphNode, x: GraphNode, byId: Nodes): readonly Op[] | null {
  const between: Op[] = [];
  const walk = (at: GraphNode | undefined): boolean => {
    if (at === x || at?.op === "constant" || at?.op === "weight") return true;
    if (!at || !CELLWISE.has(at.op) || between.length >= MOST_STEPS) return false;
    between.push(at.op);
    return at.inputs.every((id) => walk(byId.get(id)));
  };
  return walk(node) ? between : null;
}
