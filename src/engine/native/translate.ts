import type { GraphNode, Made, NodeId, NodeOf } from "../../graph/index.ts";
import { operations } from "../ops/index.ts";
import type { Operand } from "./operand.ts";
import type { Plan } from "../plan.ts";
import { FoldedParameters } from "./fold-parameters.ts";
import { sizeOf, type TensorData } from "../../base/tensor.ts";
import { attr } from "./attributes.ts";
import { TensorFlowWriter } from "./writer.ts";

/**
 * Biases and batch normalization are constants, so that TensorFlow folds and fuses them. Larger parameters are fed with every
 * run: no slower than constants, while those are kept several times over (seconds of loading and gigabytes for VGG16).
 */
export const SMALL_PARAMETER = 64 * 2 ** 10;

/** The value of a parameter. */
type Read = (ref: string) => Promise<TensorData>;

/** A plan in TensorFlow's terms. */
export interface TensorFlowGraph {
  readonly model: Uint8Array;
  /** The TensorFlow node of each node of the plan. */
  readonly names: ReadonlyMap<NodeId, string>;
  /** What is fed with every run beside the feeds. */
  readonly parameters: readonly Parameter[];
}
/** A large parameter, or one made of several: equal `key`s mean equal values. */
export interface Parameter {
  readonly key: string;
  /** Its TensorFlow node. */
  readonly name: string;
  readonly value: () => Promise<TensorData>;
  /** What it is the product of: TensorFlow multiplies a kernel by the scales of its batch normalization many times as fast as we do. */
  readonly factors: readonly (() => Promise<TensorData>)[] | null;
}

/**
 * Writes the plan as a TensorFlow SavedModel. `read` is called for parameters of up to
 * `SMALL_PARAMETER` bytes at once, for larger ones when their `value` is asked for; `targets` are
 * the nodes that will be fetched.
 */
export async function translate(
  plan: Plan,
  targets: readonly GraphNode[],
  read: Read,
): Promise<TensorFlowGraph> {
  const folded = new FoldedParameters(plan.nodes, read);
  const needed = neededOf(plan, targets, folded);
  const constants = await readSmall(needed, folded);
  const writer = new TensorFlowWriter();
  const operands = new Map<NodeId, Operand>();
  const parameters: Parameter[] = [];

  plan.nodes.forEach((node, index) => {
    if (!needed.has(node)) return;
    writer.enter(index);
    const { shape, dtype } = node;
    const name = write(node, index);
    operands.set(node.id, { name, shape, dtype });
  });
  function write(node: GraphNode, index: number): string {
    const value = node.value ?? constants.get(node.id);
    if (value) return writer.constant(value);
    if (folded.has(node.id)) {
      const name = writer.placeholder(node.shape, node.dtype);
      const valueOf = (id: NodeId) => (): Promise<TensorData> => folded.value(id);
      const factors = folded.factors(node.id)?.map(valueOf) ?? null;
      parameters.push({ key: folded.key(node.id), name, value: valueOf(node.id), factors });
      return name;
    }
    switch (node.op) {
      case "input":
        return writer.placeholder(node.shape, node.dtype);
      case "weight":
      case "constant":
      case "opaque":
        throw new Error(`node ${index} of the plan carries no value`);
      default:
        return writeMade(
          writer,
          node,
          node.inputs.flatMap((id) => operands.get(id) ?? []),
        );
    }
  }
  const names = new Map([...operands].map(([id, { name }]) => [id, name]));
  // TensorFlow fuses what one operation reads of another (a convolution, its bias, x * sigmoid(x)), and forgets that one between is asked for
  const consumed = new Set([...needed].flatMap(({ inputs }) => inputs));
  for (const { id, dtype } of targets) {
    const name = names.get(id);
    if (name !== undefined && consumed.has(id))
      names.set(id, writer.node("Identity", [name], { T: attr.type(dtype) }));
  }
  return { model: writer.savedModel(), names, parameters };
}

function writeMade<K extends Made>(
  writer: TensorFlowWriter,
  node: NodeOf<K>,
  inputs: readonly Operand[],
): string {
  const rule = operations[node.op].tensorflow;
  if (rule === "lowered") throw new Error(`${node.op} was not lowered`);
  return rule(writer, node, ...inputs);
}

/** The nodes that are written: not what only goes into values that are worked out beforehand. */
function neededOf(
  plan: Plan,
  targets: readonly GraphNode[],
  folded: FoldedParameters,
): ReadonlySet<GraphNode> {
  const computed = plan.nodes.filter(({ id }) => !folded.has(id));
  const used = new Set([...computed, ...targets].flatMap(({ id, inputs }) => [id, ...inputs]));
  return new Set(plan.nodes.filter(({ id }) => used.has(id)));
}

/** The values of the parameters that become constants. */
async function readSmall(
  needed: ReadonlySet<GraphNode>,
  folded: FoldedParameters,
): Promise<Map<NodeId, TensorData>> {
  const values = new Map<NodeId, TensorData>();
  for (const { id, shape, value } of needed) {
    if (value !== undefined || !folded.has(id)) continue;
    if (sizeOf(shape.map(Number)) * 4 <= SMALL_PARAMETER) values.set(id, await folded.value(id));
  }
  return values;
}
