/** What the model gives. */
import type { TensorSpec } from "../../graph/index.ts";
import { channelsLast, hasBatch, Lowering, type Tensor } from "../lower/index.ts";
import { Unsupported } from "../lower/unsupported.ts";
import type { Assembly } from "./assembly.ts";
import { valueOf, type Edge } from "./edges.ts";
import { specOf } from "./inputs.ts";
import type { SignatureTensor } from "./types.ts";

/** Lowers what the outputs need; `given` are the values of the inputs. An output that is no tensor is left out, and noted. */
export function outputsOf(
  outputs: readonly SignatureTensor[],
  assembly: Assembly,
  given: ReadonlyMap<string, Edge>,
  notes: Set<string>,
): TensorSpec[] {
  const { network } = assembly;
  const edges = assembly.functions.main(
    outputs.map(({ tensor }) => tensor),
    given,
  );
  return outputs.flatMap(({ name }, i): TensorSpec[] => {
    const edge = edges[i];
    if (!edge || edge.kind === "dead" || edge.kind === "variable") return [];
    if (edge.kind === "unknown") {
      const { node } = edge;
      const { shape, dtype } = network.builder.get(node);
      return [{ name, node, shape, dtype }];
    }
    try {
      return [specOf(name, shown(new Lowering(network, name), edge), network)];
    } catch (error) {
      // such as the shape of a batch
      if (!(error instanceof Unsupported)) throw error;
      notes.add(`The output '${name}' is left out: ${error.message}.`);
      return [];
    }
  });
}
/** An output in the file's order of axes, or channels last where the network keeps it so. */
function shown(l: Lowering, edge: Edge): Tensor {
  const value = valueOf(edge);
  if (value.kind === "numbers" && hasBatch(value))
    throw new Unsupported("it depends on the number of pictures");
  const last = channelsLast(value.shape.length).join();
  return value.kind === "tensor" && value.order.join() === last ? value : l.tensor(l.node(value));
}

/** The first output is taken for class scores: one that can be computed, a row of numbers for each picture. */
export function scoresFirst(
  outputs: readonly TensorSpec[],
  { network: { builder } }: Assembly,
): TensorSpec[] {
  const rank = ({ node: id, dtype, shape }: TensorSpec): number => {
    if (builder.get(id).op === "opaque") return 3;
    if (dtype !== "float32") return 2;
    return shape.length === 2 ? 0 : 1;
  };
  return [...outputs].sort((a, b) => rank(a) - rank(b));
}
