import type { GraphNode, NodeId, NodeOf } from "../../shared/graph/index.ts";
import { operations } from "../ops/index.ts";
import type { Made, Operand } from "../ops/types.ts";
import type { Plan } from "../plan.ts";
import { sizeOf, type TensorData } from "../../shared/tensor.ts";
import { TensorFlowWriter } from "./writer.ts";

/** Parameters of up to this many bytes in all are constants: folded and packed once, at the price of a copy per program. */
const SMALL_MODEL = 0;
/** Vectors (biases, batch normalization) are always constants, so that TensorFlow folds and fuses them. */
const SMALL_PARAMETER = 64 * 2 ** 10;

/** A plan in TensorFlow's terms. */
export interface TensorFlowGraph {
  readonly model: Uint8Array;
  /** The TensorFlow node of each node of the plan. */
  readonly names: ReadonlyMap<NodeId, string>;
  /** References of the parameters that are fed with every run, with their nodes. */
  readonly parameters: readonly { readonly ref: string; readonly name: string }[];
}

export async function translate(plan: Plan): Promise<TensorFlowGraph> {
  const limit = Number(process.env["CONVLENS_SMALL_MODEL"] ?? SMALL_MODEL);
  const constants = await readSmall(plan, limit);
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
async function readSmall(plan: Plan, limit: number): Promise<Map<NodeId, TensorData>> {
  const weights = plan.nodes.flatMap((node) => (node.op === "weight" ? [node] : []));
  const bytes = ({ shape }: GraphNode): number => sizeOf(shape.map(Number)) * 4;
  const total = weights.reduce((sum, node) => sum + bytes(node), 0);
  const small = weights.filter((node) => total <= limit || bytes(node) <= SMALL_PARAMETER);
  const values = new Map<NodeId, TensorData>();
  for (const node of small) values.set(node.id, await plan.weights.read(node.attrs.ref));
  return values;
}
