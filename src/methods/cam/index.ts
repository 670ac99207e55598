/** Grad-CAM and HiRes-CAM: which parts of a layer's maps speak for a class. On logits, never on the softmax. */
import { inputError } from "../../shared/errors.ts";
import type { NodeId } from "../../shared/graph/index.ts";
import type { CamMethod } from "../../shared/contract/lenses.ts";
import { asFloats, type FloatTensor, type TensorData } from "../../shared/tensor.ts";
import { unitOf } from "../inspect/scores.ts";
import type { Inputs, Scores, Subject } from "../types.ts";
import { camHead, type CamHead } from "./head.ts";

export { upsample } from "./upsample.ts";

export interface CamResult {
  readonly classIndex: number;
  /** [h, w] of the layer, before ReLU. */
  readonly signed: FloatTensor;
  /** [h, w], after ReLU, before any normalisation. */
  readonly raw: FloatTensor;
  /** [channels]: the mean gradients. HiRes-CAM does not use them, they are given all the same. */
  readonly alpha: FloatTensor;
}

/** Heads by scores and layer: building one differentiates the graph, which a second picture need not repeat. */
const heads = new WeakMap<Scores, Map<NodeId, CamHead>>();

function headOf(subject: Subject, scores: Scores, maps: NodeId, layer: string): CamHead {
  const known = heads.get(scores) ?? new Map<NodeId, CamHead>();
  heads.set(scores, known);
  const head = known.get(maps) ?? camHead(subject, scores, maps, layer);
  known.set(maps, head);
  return head;
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
  const head = headOf(subject, scores, maps, layer);
  const besides = head.besides.map((id) =>
    repeat(inputOf(subject, request.inputs, id), classes.length),
  );
  const map = request.method === "grad-cam" ? head.gradCam : head.hiResCam;
  const feeds = [maps, head.seed, ...head.besides];
  const program = await subject.engine.compile(head.graph, feeds, [map, head.alpha]);
  const [signed, alpha] = (
    await program.run([repeat(value, classes.length), seedOf(scores, classes), ...besides])
  ).map(asFloats);
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

function seedOf(scores: Scores, classes: readonly number[]): FloatTensor {
  const units = scores.binary ? 1 : scores.classes;
  const data = new Float32Array(classes.length * units);
  classes.forEach((classIndex, row) => {
    const { unit, sign } = unitOf(scores, classIndex);
    data[row * units + unit] = sign;
  });
  return { dtype: "float32", shape: [classes.length, units], data };
}

function inputOf({ graph }: Subject, inputs: Inputs, id: NodeId): TensorData {
  const value = inputs[graph.inputs.findIndex(({ node }) => node === id)];
  if (!value) throw new RangeError(`no value for input '${id}'`);
  return value;
}

/** The same picture `times` times along the batch axis. */
function repeat(value: TensorData, times: number): FloatTensor {
  const { data, shape } = asFloats(value);
  if (times === 1) return { dtype: "float32", shape, data };
  const repeated = new Float32Array(data.length * times);
  for (let i = 0; i < times; i++) repeated.set(data, i * data.length);
  return { dtype: "float32", shape: [times, ...shape.slice(1)], data: repeated };
}
