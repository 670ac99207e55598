import { axes } from "../../base/axes.ts";
import { asFloats, floats } from "../../base/tensor.ts";
import type { GradientCamMethod } from "../../shared/catalogue.ts";
import { repeat } from "../repeat.ts";
import { runRows } from "../batching.ts";
import { besidesOf, seedOf } from "./feeds.ts";
import { camHead } from "./head.ts";
import { classMap } from "./class-map.ts";
import type { ClassMap, MapsRequest } from "./types.ts";

/** CAMs of several classes from one layer's maps: one backward pass through the head above the layer, a row for each class. */
export async function gradientMaps({
  subject,
  scores,
  layer,
  maps,
  value,
  inputs,
  classes,
  method,
  valuesOf,
}: Omit<MapsRequest, "method" | "at" | "baseline" | "batch" | "context"> & {
  readonly method: GradientCamMethod;
}): Promise<ClassMap[]> {
  const [, height, width, channels] = axes(value.shape, 4);
  const head = camHead(subject, scores, maps, layer);
  const nodes = head.methods[method];
  const asked = valuesOf ? head.residuals : [];
  const values = asked.length > 0 ? ((await valuesOf?.(asked)) ?? []) : [];
  // windows of a picture stand along the batch: those cannot be fed beside one row for each class
  const single = values.map(({ shape }) => shape[0] === 1);
  const residuals = asked.filter((_, i) => single[i]);
  const kept = values.filter((_, i) => single[i]);
  const feeds = [maps, head.seed, ...head.besides, ...residuals];
  const program = await subject.engine.compile(head.graph, feeds, [nodes.signed, nodes.alpha]);
  const besides = besidesOf(subject, inputs, head.besides, classes.length);
  const repeated = kept.map((own) => repeat(own, classes.length));
  const fed = [repeat(value, classes.length), seedOf(scores, classes), ...besides, ...repeated];
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
