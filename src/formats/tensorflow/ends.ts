/** Inputs and outputs of a graph that has no signature. */
import { refuseCircles, takersOf } from "./order.ts";
import type { SignatureTensor, TfNode } from "./types.ts";

/** What training, checking and saving leave behind. */
const NO_OUTPUT =
  /^(NoOp|Assert|Assign\w*|Save\w*|Restore\w*|\w*Summary\w*|Const|Placeholder|Print\w*|\w+Grad)$/;

/** Placeholders, and what depends on one of them and nothing takes. Throws `Impossible` where that ends in a circle. */
export function endsOf(nodes: readonly TfNode[]): {
  inputs: SignatureTensor[];
  outputs: SignatureTensor[];
} {
  const takers = takersOf(nodes);
  const fed = nodes.filter(({ op }) => op === "Placeholder");
  const reached = new Set(fed.filter((node) => !isSetting(node)).map(({ name }) => name));
  const queue = [...reached];
  for (let name = queue.pop(); name !== undefined; name = queue.pop())
    for (const taker of takers.get(name) ?? [])
      if (!reached.has(taker.name)) {
        reached.add(taker.name);
        queue.push(taker.name);
      }
  refuseCircles(nodes, new Map(nodes.map((node) => [node.name, node])), reached);
  const ends = nodes.filter(
    ({ name, op }) => reached.has(name) && !takers.has(name) && !NO_OUTPUT.test(op),
  );
  return {
    inputs: fed.map((node) => described(node)),
    outputs: ends.map((node) => described(node)),
  };
}

/** A truth or a single number that training sets. */
const isSetting = ({ attributes }: TfNode): boolean => attributes.get("shape")?.shape?.length === 0;

const described = ({ name, attributes }: TfNode): SignatureTensor => ({
  name,
  tensor: `${name}:0`,
  shape: attributes.get("shape")?.shape ?? attributes.get("_output_shapes")?.shapes?.[0],
  type: attributes.get("dtype")?.type,
});
