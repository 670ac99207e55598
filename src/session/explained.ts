/** What is asked of one picture that is fed: heat maps, attributions, and how far they can be trusted. */
import { mapNode } from "../methods/activations/index.ts";
import {
  attributionMethods,
  type Attribution,
  type AttributionRequest,
} from "../methods/attribute/index.ts";
import { mapsAtLayers, type LayersRequest } from "../methods/cam/at-layers.ts";
import { upsample, type ClassMap } from "../methods/cam/index.ts";
import { forward } from "../methods/forward.ts";
import { deletionInsertion, sanityCheck, type MapOf } from "../methods/trust/index.ts";
import type { Scores } from "../methods/types.ts";
import { ATTRIBUTIONS, type AttributionName } from "../shared/catalogue.ts";
import type { BaselineName } from "../shared/contract/experiments.ts";
import type { Sanity, SanityStage, TrustBadge } from "../shared/contract/trust.ts";
import type { Control } from "../shared/control.ts";
import { asFloats, filled, type FloatTensor } from "../base/tensor.ts";
import { rangeOf } from "../shared/tiles.ts";
import { baselineInput } from "./run/baselines.ts";
import { pictureAmong } from "./run/feed.ts";
import type { OpenModel } from "./open/model.ts";
import type { Fed, Runner } from "./run/runner.ts";

type Picture = Pick<
  AttributionRequest,
  "subject" | "scores" | "inputs" | "at" | "input" | "baseline" | "baselineName" | "batch"
>;
export type HeatMapsRequest = Pick<
  LayersRequest,
  "layers" | "classes" | "minus" | "method" | "context" | "soFar"
>;
type AttributeRequest = Pick<
  AttributionRequest,
  "classIndex" | "camLayer" | "steps" | "seed" | "context"
> & { readonly method: AttributionName };

/** As many pixels as 16 pictures of 224 x 224 are run at a time. */
const PIXELS = 16 * 224 * 224;
const MOST_ROWS = 400;

/** One picture with the methods that explain what a network makes of it. */
export class Explained {
  private readonly picture: Picture;

  constructor(
    private readonly runner: Runner,
    private readonly fed: Fed,
    {
      scores = runner.model.scores,
      baseline = "black",
      batch = null,
    }: { scores?: Scores; baseline?: BaselineName; batch?: number | null } = {},
  ) {
    const { inputs } = fed;
    const { at } = pictureAmong(runner.model.graph);
    const value = inputs[at];
    if (!value) throw new RangeError("nothing is fed");
    const input = asFloats(value);
    const [, height = 1, width = 1] = input.shape;
    const rows = Math.floor(PIXELS / (height * width));
    this.picture = {
      ...{ subject: runner.subject, scores, inputs, at, input, baselineName: baseline },
      baseline: baselineInput(baseline, input, runner.model.preprocessing),
      batch: batch ?? Math.max(1, Math.min(MOST_ROWS, rows)),
    };
  }

  /** [height, width] of the picture as the network sees it. */
  get size(): readonly [number, number] {
    const [, height = 1, width = 1] = this.picture.input.shape;
    return [height, width];
  }

  heatMaps(request: HeatMapsRequest): Promise<ClassMap[]> {
    const { graph } = this.picture.scores;
    return mapsAtLayers({
      ...this.picture,
      ...request,
      valueOf: async (node) => only(await this.runner.values(this.fed, [node], graph)),
      valuesOf: (nodes) => this.runner.values(this.fed, nodes, graph),
    });
  }

  attribution({ method, ...request }: AttributeRequest): Promise<Attribution> {
    return attributionMethods[method]({ ...this.picture, ...request });
  }

  /** Deletion and insertion by `heat` [H * W]. */
  badge(heat: Float32Array, classIndex: number, context: Control): Promise<TrustBadge> {
    const rest = { camLayer: null, steps: null, seed: 0 };
    return deletionInsertion({ ...this.picture, ...rest, classIndex, context }, heat);
  }

  /** Cascading randomisation of a class' heat map, or of an attribution. */
  sanity(
    map: { readonly cam: HeatMapsRequest } | { readonly attribute: AttributeRequest },
    seed: number,
    context: Control,
    soFar: (stages: readonly SanityStage[]) => void = () => undefined,
  ): Promise<Omit<Sanity, "engine" | "seconds">> {
    const { picture, size } = this;
    const ofCam: MapOf = async (subject, scores, control) => {
      if (!("cam" in map)) throw new RangeError("no heat map is asked for");
      const request = { ...picture, ...map.cam, subject, scores, context: control };
      // what is known of the picture was computed with the network's own weights
      const valueOf = async (node: string): Promise<FloatTensor> =>
        only(await forward({ ...subject, graph: scores.graph }, picture.inputs, [node]));
      const [first] = await mapsAtLayers({ ...request, valueOf });
      return first ? enlarged(first, size) : new Float32Array();
    };
    const ofAttribution: MapOf = async (subject, scores, control) => {
      if (!("attribute" in map)) throw new RangeError("no attribution is asked for");
      const { method, ...request } = map.attribute;
      const asked = { ...picture, ...request, subject, scores, context: control };
      // shuffled networks have gaps that no number of steps closes
      const steps = asked.steps ?? ATTRIBUTIONS[method].options.steps?.usual ?? null;
      return overChannels((await attributionMethods[method]({ ...asked, steps })).attribution);
    };
    return sanityCheck(picture, "cam" in map ? ofCam : ofAttribution, size, seed, context, soFar);
  }
}

function only([value]: readonly FloatTensor[]): FloatTensor {
  if (!value) throw new RangeError("the engine returned no maps");
  return value;
}

/** The layer whose Grad-CAM guides Guided Grad-CAM. */
export function guideOf(model: OpenModel, name: string | null): AttributionRequest["camLayer"] {
  const chosen = name ?? model.summary.camLayer?.name;
  if (chosen === undefined) return null;
  return { name: chosen, maps: mapNode(model.graph, model.layer(chosen), false) };
}

/** A map after ReLU at the size of the picture, [height * width]. */
function enlarged({ raw }: ClassMap, size: readonly [number, number]): Float32Array {
  return upsample(raw.data, [raw.shape[0] ?? 1, raw.shape[1] ?? 1], size);
}

/** Maps at the size of the picture, and the largest value of all: their common scale. */
export function onOneScale(
  maps: readonly ClassMap[],
  size: readonly [number, number],
): { large: Float32Array[]; largest: number } {
  const large = maps.map((map) => enlarged(map, size));
  return { large, largest: Math.max(0, ...large.map((map) => rangeOf(map).max)) };
}

/** An attribution [H, W, C] as one number a pixel, [H * W]: the sum of the channels where signs count, else the largest. */
export function overChannels({ shape, data }: FloatTensor): Float32Array {
  const channels = shape[2] ?? 1;
  const signed = data.some((value) => value < 0);
  return filled(new Float32Array(data.length / channels), (cell) => {
    const first = cell * channels;
    let value = data[first] ?? 0;
    for (let i = first + 1; i < first + channels; i++) {
      const other = data[i] ?? 0;
      value = signed ? value + other : Math.max(value, other);
    }
    return value;
  });
}

/** How important an attribution says that each pixel is, [H * W]: of gradients, whose sign is a direction, the size. */
export function importance(method: AttributionName, attribution: FloatTensor): Float32Array {
  const map = overChannels(attribution);
  return ATTRIBUTIONS[method].tells === "direction" ? map.map(Math.abs) : map;
}
