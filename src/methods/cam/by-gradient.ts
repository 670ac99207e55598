import { axes } from "../../base/axes.ts";
import { at } from "../../base/at.ts";
import { asFloats, floats, type TensorData } from "../../base/tensor.ts";
import type { NodeId } from "../../graph/index.ts";
import type { GradientCamMethod } from "../../shared/catalogue.ts";
import { repeat } from "../repeat.ts";
import { runRows } from "../batching.ts";
import { forward } from "../forward.ts";
import { besidesOf, seedOf } from "./feeds.ts";
import { camHead, type CamHead } from "./head.ts";
import { classMap } from "./class-map.ts";
import type { ClassMap, MapsRequest } from "./types.ts";

/** CAMs of several classes from one layer's maps: one backward pass through the head above the layer, a row for each class. */
export async function gradientMaps(request: GradientRequest): Promise<ClassMap[]> {
  const { subject, scores, value, classes, method } = request;
  const [, height, width, channels] = axes(value.shape, 4);
  const head = camHead(subject, scores, request);
  const { signed: wanted, alpha: weights } = head.methods[method];
  const { feeds, values } = await fedAt(request, head);
  const program = await subject.engine.compile(
    head.graph,
    [head.seed, ...feeds],
    [wanted, weights],
  );
  const fed = [seedOf(scores, classes), ...values.map((own) => repeat(own, classes.length))];
  const [signed, alpha] = (await runRows(subject.engine, program, fed)).map(asFloats);
  if (!signed || !alpha) throw new RangeError("the engine returned no heat map");
  const cells = height * width;
  return classes.map((classIndex, row) =>
    classMap(
      classIndex,
      [height, width],
      signed.data.slice(row * cells, (row + 1) * cells),
      floats([channels], alpha.data.slice(row * channels, (row + 1) * channels)),
    ),
  );
}

type GradientRequest = Omit<
  MapsRequest,
  "method" | "at" | "baseline" | "batch" | "context" | "soFar"
> & {
  readonly method: GradientCamMethod;
};

/** What is fed beside the seed, one picture's values: the layer's output, and what of the forward pass is at hand. */
async function fedAt(
  { subject, scores, maps, source = maps, value, inputs, valuesOf }: GradientRequest,
  head: CamHead,
): Promise<{ feeds: NodeId[]; values: TensorData[] }> {
  const graph = { ...subject, graph: scores.graph };
  const known = valuesOf ?? ((nodes: readonly NodeId[]) => forward(graph, inputs, nodes));
  const own = source === maps ? value : at(await known([source]), 0);
  // windows of a picture stand along the batch: those cannot be fed beside one row for each class
  const single = (tensor: TensorData): boolean => tensor.shape[0] === 1;
  if (!single(own)) {
    const all = subject.graph.inputs.map(({ node }) => node);
    return { feeds: all, values: besidesOf(subject, inputs, all, 1) };
  }
  const besides = besidesOf(subject, inputs, head.besides, 1);
  const asked = valuesOf ? head.residuals : [];
  const residuals = asked.length > 0 ? await known(asked) : [];
  const kept = residuals.map(single);
  return {
    feeds: [source, ...head.besides, ...asked.filter((_, i) => kept[i])],
    values: [own, ...besides, ...residuals.filter((_, i) => kept[i])],
  };
}
