import { inputError } from "../../base/errors.ts";
import type { Layer, ModelGraph, NodeId, NodeOf } from "../../graph/index.ts";

/** A convolution whose cells are dot products of a patch and a kernel. */
export type ConvolutionNode = NodeOf<"conv2d"> | NodeOf<"depthwiseConv2d">;

/** A layer's convolution, with the maps and the kernel that it reads. */
export interface Convolution {
  readonly node: ConvolutionNode;
  readonly input: NodeId;
  /** Address of the kernel in the weight store. */
  readonly weight: string;
}

/** The last convolution a layer is made of. Throws a ConvLensError of kind `input` when there is none. */
export function findConvolution(graph: ModelGraph, layer: Layer): Convolution {
  const own = new Set(layer.nodes);
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const found = graph.nodes.findLast(
    (node): node is ConvolutionNode =>
      own.has(node.id) && (node.op === "conv2d" || node.op === "depthwiseConv2d"),
  );
  const kernel = byId.get(found?.inputs[1] ?? "");
  const input = found?.inputs[0];
  if (!found || input === undefined || kernel?.op !== "weight")
    throw inputError(
      `Layer '${layer.name}' (${layer.className}) is no plain convolution; choose a Conv2D or DepthwiseConv2D layer.`,
    );
  return { node: found, input, weight: kernel.attrs.ref };
}
