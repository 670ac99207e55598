/** The Grad-CAM family: which parts of a layer's maps speak for a class. On logits, never on the softmax. */
import { inputError } from "../../shared/errors.ts";
import type { NodeId } from "../../shared/graph/index.ts";
import type { CamMethod } from "../../shared/contract/lenses.ts";
import { asFloats, type FloatTensor } from "../../shared/tensor.ts";
import { repeat } from "../batch.ts";
import type { Inputs, Scores, Subject } from "../types.ts";
import { besidesOf, camHead, seedOf } from "./head.ts";

export { upsample } from "./upsample.ts";

export interface CamResult {
  readonly classIndex: number;
  /** [h, w] of the layer, before ReLU. */
  readonly signed: FloatTensor;
  /** [h, w], after ReLU, before any normalisation. */
  readonly raw: FloatTensor;
  /** [channels]: the weight of each map; the mean gradients for methods that weigh cell by cell. */
  readonly alpha: FloatTensor;
}

/**
 * CAMs of several classes from one layer's maps, in one backward pass through the head above the layer.
 * `value` is the layer's output for one picture, [1, h, w, channels].
 */
export async function cam(
  subject: Subject,
  scores: Scores,
  request: {
    layer: string;
    maps: NodeId;
    value: FloatTensor;
    inputs: Inputs;
    classes: readonly number[];
    method: CamMethod;
  },
): Promise<CamResult[]> {
  const { layer, maps, value, classes } = request;
  const [, height, width, channels] = value.shape;
  if (value.shape.length !== 4 || height === undefined || width === undefined || !channels)
    throw inputError(
      `Layer '${layer}' has no feature maps (its output is [${value.shape.join(", ")}]), so there is no heat map; choose a convolution.`,
    );
  const head = camHead(subject, scores, maps, layer);
  const nodes = head.methods[request.method];
  const feeds = [maps, head.seed, ...head.besides];
  const program = await subject.engine.compile(head.graph, feeds, [nodes.signed, nodes.alpha]);
  const besides = besidesOf(subject, request.inputs, head.besides, classes.length);
  const fed = [repeat(value, classes.length), seedOf(scores, classes), ...besides];
  const [signed, alpha] = (await program.run(fed)).map(asFloats);
  if (!signed || !alpha) throw new RangeError("the engine returned no heat map");
  return classes.map((classIndex, row) => {
    const own = signed.data.slice(row * height * width, (row + 1) * height * width);
    return {
      classIndex,
      signed: { dtype: "float32", shape: [height, width], data: own },
      raw: { dtype: "float32", shape: [height, width], data: own.map((v) => Math.max(0, v)) },
      alpha: {
        dtype: "float32",
        shape: [channels],
        data: alpha.data.slice(row * channels, (row + 1) * channels),
      },
    };
  });
}
