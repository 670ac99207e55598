/** Files that end in their own non-maximum suppression: the boxes and scores that it is fed are what is asked about. */
import { at } from "../../../base/at.ts";
import {
  dependents,
  isOpaque,
  opaqueBefore,
  type BoxChoice,
  type GraphBuilder,
  type ModelGraph,
  type NodeId,
  type NodeOf,
} from "../../../graph/index.ts";
import type { Decoded } from "./decoded.ts";

/** Boxes and scores before the file's last suppression, where no layer with weights follows it. null: there is none that can be computed. */
export function fromChoice(builder: GraphBuilder, graph: ModelGraph): Decoded | null {
  for (const node of graph.nodes.filter(isOpaque).toReversed()) {
    const { chooses } = node.attrs;
    if (!chooses || opaqueBefore(graph, node.inputs).length > 0 || isHalfway(graph, node)) continue;
    return tableOf(builder, graph, node, chooses);
  }
  return null;
}

/** Proposals of a first stage: what is made of the boxes that are left has kernels of its own. */
function isHalfway({ nodes, layers }: ModelGraph, { id }: NodeOf<"opaque">): boolean {
  const after = dependents(nodes, id);
  const behind = layers.filter((layer) => layer.nodes.some((own) => own !== id && after.has(own)));
  return behind.some(({ weights }) => weights.some(({ shape }) => shape.length > 1));
}

function tableOf(
  builder: GraphBuilder,
  { nodes, outputs: all }: ModelGraph,
  { inputs }: NodeOf<"opaque">,
  choice: BoxChoice,
): Decoded {
  // each output of an operation is a node
  const ends = nodes.filter((node) => isOpaque(node) && node.inputs.join() === inputs.join());
  const after = ends.map(({ id }) => dependents(nodes, id));
  const outputs = all.flatMap(({ node }, index) =>
    after.some((some) => some.has(node)) ? [index] : [],
  );
  const [boxes, scores] = [at(inputs, 0), at(inputs, 1)];
  const each = eachClass(builder, scores);
  const together = each && beforeMoving(builder, boxes);
  const table = [together ?? boxes, each ?? scores];
  const classes = builder.shape(at(table, 1))[2] ?? 1;
  const named = `${classes} class ${classes === 1 ? "score" : "scores"}`;
  return {
    node: builder.add("concat", "chosen", table, { axis: 2 }),
    outputs,
    why: `'${choice.operation}' ends the network: it chooses among ${builder.shape(boxes)[1]} boxes with ${named} each, which are asked about in its place.`,
    ...{ read: null, guessed: false, form: choice.form, objectness: null },
    ...{ classes: [4, 4 + classes], suppression: "overlap" },
    chosen: each ? ofSurest(choice, together ? "surest" : "any") : choice,
  };
}

/** The same of one score a box: what is left of its only class is left in all. */
const ofSurest = (choice: BoxChoice, classes: "surest" | "any"): BoxChoice => ({
  ...{ ...choice, classes, mostOfClass: null, most: choice.most ?? choice.mostOfClass },
});

/** Scores [N, boxes, classes] whose largest are what is chosen by, [N, boxes, 1]; null: those are no largest ones. */
function eachClass(builder: GraphBuilder, scores: NodeId): NodeId | null {
  const [, boxes, width] = builder.shape(scores);
  if (width !== 1) return null;
  let node = builder.get(scores);
  while (node.op === "reshape" || node.op === "transpose") node = builder.get(at(node.inputs, 0));
  if (node.op !== "max") return null;
  const source = at(node.inputs, 0);
  const [axis, ...more] = node.attrs.axes;
  const shape = builder.shape(source);
  // of one picture, without an axis for several
  const first = shape.length - 2;
  const [places, classes] = axis === first ? [first + 1, first] : [first, first + 1];
  if (first < 0 || first > 1 || more.length > 0 || axis !== classes || shape[places] !== boxes)
    return null;
  const all = first === 1 ? [0] : [];
  const rows =
    axis === first
      ? builder.add("transpose", "classes", [source], { perm: [...all, places, classes] })
      : source;
  const whole = [1, boxes ?? null, shape[classes] ?? null];
  return first === 1 ? rows : builder.add("reshape", "classes", [rows], { shape: whole });
}

/** Boxes before they were moved apart by their class' number, so that none suppresses those of another; null: they were not. */
function beforeMoving(builder: GraphBuilder, boxes: NodeId): NodeId | null {
  const { op, inputs } = builder.get(boxes);
  if (op !== "add") return null;
  const moved = inputs.find((id) => builder.shape(id).at(-1) === 4);
  const by = inputs.find((id) => id !== moved && builder.shape(id).at(-1) === 1);
  return by !== undefined && moved !== undefined && moved !== boxes ? moved : null;
}
