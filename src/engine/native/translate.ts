import type { GraphNode, NodeId, NodeOf } from "../../shared/graph/index.ts";
import { operations } from "../ops/index.ts";
import type { Made, Operand } from "../ops/types.ts";
import type { Plan } from "../plan.ts";
import { sizeOf, type TensorData } from "../../shared/tensor.ts";
import { attr } from "./attributes.ts";
import { TensorFlowWriter } from "./writer.ts";

/**
 * Biases and batch normalization are constants, so that TensorFlow folds and fuses them. Larger parameters are fed with every
 * run: no slower than constants, while those are kept several times over (seconds of loading and gigabytes for VGG16).
 */
const SMALL_PARAMETER = 64 * 2 ** 10;

/** The value of a parameter. */
type Read = (ref: string) => Promise<TensorData>;

/** A plan in TensorFlow's terms. */
export interface TensorFlowGraph {
  readonly model: Uint8Array;
  /** The TensorFlow node of each node of the plan. */
  readonly names: ReadonlyMap<NodeId, string>;
  /** References of the parameters that are fed with every run, with their nodes. */
  readonly parameters: readonly { readonly ref: string; readonly name: string }[];
}

export async function translate(
  plan: Plan,
  targets: readonly GraphNode[],
  read: Read,
): Promise<TensorFlowGraph> {
  const constants = await readSmall(plan, read);
  const writer = new TensorFlowWriter();
  const operands = new Map<NodeId, Operand>();
  const parameters: { ref: string; name: string }[] = [];

  plan.nodes.forEach((node, index) => {
    writer.enter(index);
    const { shape, dtype } = node;
    const name = write(node, index);
    operands.set(node.id, { name, shape, dtype });
  });
  function write(node: GraphNode, index: number): string {
    const value = node.value ?? constants.get(node.id);
    if (value) return writer.constant(value);
    switch (node.op) {
      case "input":
        return writer.placeholder(node.shape, node.dtype);
      case "weight": {
        const name = writer.placeholder(node.shape, node.dtype);
        parameters.push({ ref: node.attrs.ref, name });
        return name;
      }
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
  // TensorFlow fuses x * sigmoid(x) into one operation, and forgets that the sigmoid itself is asked for
  for (const { id, op, dtype } of targets) {
    const name = names.get(id);
    if (op === "sigmoid" && name !== undefined)
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

/** The values of the parameters that become constants. */
async function readSmall(plan: Plan, read: Read): Promise<Map<NodeId, TensorData>> {
  const weights = plan.nodes.flatMap((node) => (node.op === "weight" ? [node] : []));
  const bytes = ({ shape }: GraphNode): number => sizeOf(shape.map(Number)) * 4;
  const small = weights.filter((node) => bytes(node) <= SMALL_PARAMETER);
  const values = new Map<NodeId, TensorData>();
  for (const node of small) values.set(node.id, await read(node.attrs.ref));
  return values;
}
