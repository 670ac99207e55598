/** What is asked of one input that is fed: heat maps, attributions, and how far they can be trusted. One way for all who ask. */
import { mapNode } from "../methods/activations/index.ts";
import {
  attributionMethods,
  type Attribution,
  type AttributionRequest,
} from "../methods/attribute/index.ts";
import { mapsAtLayers } from "../methods/cam/at-layers.ts";
import { upsample, type ClassMap } from "../methods/cam/index.ts";
import { forward } from "../methods/forward.ts";
import { topClasses } from "../methods/predict/index.ts";
import { deletionInsertion, sanityCheck, type MapOf } from "../methods/trust/index.ts";
import type { Scores } from "../methods/types.ts";
import { ATTRIBUTIONS, type AttributionName } from "../shared/catalogue.ts";
import type { ClassScore } from "../shared/contract/lenses.ts";
import type { TrustBadge } from "../shared/contract/badge.ts";
import type { Sanity, SanityStage } from "../shared/contract/trust.ts";
import type { Control } from "../shared/control.ts";
import type {
  AttributeQuestion,
  BaselineName,
  CamQuestion,
  ScoreKind,
  Target,
  Targets,
} from "../shared/question.ts";
import { axes } from "../base/axes.ts";
import { inputError, usageError } from "../base/errors.ts";
import { asFloats, filled, type FloatTensor, sizeOf } from "../base/tensor.ts";
import type { Layer } from "../graph/index.ts";
import { rangeOf } from "../shared/tiles.ts";
import { baselineInput } from "./run/baselines.ts";
import { pictureAmong } from "./run/feed.ts";
import type { OpenModel } from "./open/model.ts";
import type { Fed, Runner } from "./run/runner.ts";
import { differentiated, scored } from "./run/scored.ts";

type Picture = Pick<
  AttributionRequest,
  "subject" | "inputs" | "at" | "input" | "baseline" | "baselineName" | "batch"
>;

/** The picture that an answer lies over. */
export interface Over {
  /** The input that it is, by its name. */
  readonly input: string;
  /** [height, width] as the network sees it. */
  readonly size: readonly [number, number];
}

/** Heat maps, one for each target, over one picture. */
export interface CamAnswer extends Over {
  readonly question: CamQuestion;
  readonly scores: readonly ClassScore[];
  readonly minus: ClassScore | null;
  /** The layers that were taken, and why these. */
  readonly layers: readonly Layer[];
  readonly why: string;
  /** What the network was asked for; null: nothing. */
  readonly score: ScoreKind | null;
  readonly maps: readonly ClassMap[];
  /** All pictures that the layer's cells are positions of; `input` is one of them. */
  readonly pictures: readonly string[];
  /** The same at the size of the input, [height * width], and the largest value of all: their common scale. */
  readonly large: readonly Float32Array[];
  readonly largest: number;
}

/** One attribution for each target. */
export interface AttributeAnswer extends Attribution, Over {
  readonly score: ClassScore;
}

/** What a badge is of: the input that the map lies over (null: the first picture), and what stands for nothing. */
interface Judged {
  readonly on?: string | null;
  readonly baseline?: BaselineName;
}

interface How {
  readonly context: Control;
  /** Told of what there is so far, of methods that need a run per channel; enlarging it waits until it is wanted. */
  readonly soFar?: (answer: () => CamAnswer) => void;
}

/** As many pixels as 16 pictures of 224 x 224 are run at a time. */
const PIXELS = 16 * 224 * 224;
const MOST_ROWS = 400;

/** What is fed, with the methods that explain what a network makes of it. */
export class Explained {
  /** `batch`: rows that are run at once. */
  constructor(
    private readonly runner: Runner,
    private readonly fed: Fed,
    private readonly batch: number | null = null,
  ) {}

  /** What the network says of the targets. Throws a usage error for one that the model does not have. */
  async scoresOf(targets: Targets): Promise<ClassScore[]> {
    return chosen(await this.runner.classes(this.fed), targets);
  }

  /** Throws a ConvLensError for layers or targets that are not there, and a subtraction that the method does not allow. */
  async cam(question: CamQuestion, { context, soFar }: How): Promise<CamAnswer> {
    const { layers, why } = this.runner.camLayers(question.layers, question.on);
    const pictures = this.runner.picturesUnder(layers);
    const over = this.over(question);
    const before = this.before("black", over.input);
    const scores = await this.scoresOf(question.targets);
    const [minus = null] = question.minus ? await this.scoresOf([question.minus]) : [];
    const asked = scored(question.method, this.runner.model.scores, question.score);
    const facts = { ...over, pictures, question, scores, minus, layers, why, score: asked.score };
    const answer = (maps: readonly ClassMap[]): CamAnswer => ({
      ...{ ...facts, maps },
      ...onOneScale(maps, over.size),
    });
    const { graph } = asked.scores;
    const maps = await mapsAtLayers({
      ...{
        ...before,
        method: question.method,
        scores: asked.scores,
        layers,
        context,
      },
      ...{ classes: scores.map(({ index }) => index), minus: minus?.index ?? null },
      valueOf: async (node) => only(await this.runner.values(this.fed, [node], graph)),
      valuesOf: (nodes) => this.runner.values(this.fed, nodes, graph),
      ...(soFar && { soFar: (some) => soFar(() => answer(some)) }),
    });
    return answer(maps);
  }

  /** For one target after another, as they are asked for. */
  async *attributions(
    question: AttributeQuestion,
    control: (score: ClassScore) => Control,
  ): AsyncGenerator<AttributeAnswer> {
    for (const score of await this.scoresOf(question.targets)) {
      const request = this.attributionOf(question, score.index, control(score));
      const found = await attributionMethods[question.method](request);
      yield { score, ...found, ...this.overInput(question.on) };
    }
  }

  private attributionOf(
    { method, score, layer, steps, seed, baseline, on }: AttributeQuestion,
    classIndex: number,
    context: Control,
  ): AttributionRequest {
    const { model } = this.runner;
    const guided = ATTRIBUTIONS[method].options.layer !== undefined;
    return {
      ...{ ...this.before(baseline, on), classIndex, steps, seed, context },
      scores: differentiated(model.scores, score ?? "logit"),
      camLayer: guided ? guideOf(model, layer) : null,
    };
  }

  /** The picture that heat maps lie over. Throws a usage error for one that the layer's cells are no positions of. */
  over({ layers, on }: CamQuestion): Over {
    const chosen = this.runner.camLayers(layers, on).layers;
    return this.overInput(pictureOf(on, this.runner.picturesUnder(chosen), chosen));
  }
  /** null: the first picture. */
  private overInput(on: string | null): Over {
    const { at: place, spec } = pictureAmong(this.runner.model.graph, on);
    const [, height, width] = this.fed.inputs[place]?.shape ?? [];
    if (height === undefined || width === undefined)
      throw inputError("The picture has no rows and columns.");
    return { input: spec.name, size: [height, width] };
  }

  private before(baseline: BaselineName, on: string | null): Picture {
    const { subject, model } = this.runner;
    const { inputs } = this.fed;
    const { at } = pictureAmong(model.graph, on);
    const value = inputs[at];
    if (!value) throw new RangeError("nothing is fed");
    const input = asFloats(value);
    const rows = Math.floor(PIXELS / sizeOf(input.shape.slice(1, 3)));
    return {
      ...{ subject, inputs, at, input, baselineName: baseline },
      baseline: baselineInput(baseline, input, model.preprocessing),
      batch: this.batch ?? Math.max(1, Math.min(MOST_ROWS, rows)),
    };
  }

  /** Deletion and insertion by `heat` [H * W] in the input `on`, of the network's own scores. */
  badge(
    heat: Float32Array,
    classIndex: number,
    context: Control,
    { on = null, baseline = "black" }: Judged = {},
  ): Promise<TrustBadge> {
    const { scores } = this.runner.model;
    const rest = { camLayer: null, steps: null, seed: 0 };
    const request = { ...this.before(baseline, on), ...rest, scores, classIndex, context };
    return deletionInsertion(request, heat);
  }

  /** Cascading randomisation of the heat map or the attribution of one target. `seed`: of the shuffling. */
  async sanity(
    question: CamQuestion | AttributeQuestion,
    seed: number,
    context: Control,
    soFar: (stages: readonly SanityStage[]) => void = () => undefined,
  ): Promise<Omit<Sanity, "engine" | "seconds">> {
    const [score] = await this.scoresOf(question.targets);
    if (!score) throw usageError("The check is of the map of one class, and none is named.");
    const isCam = question.kind === "cam";
    const { mapOf, scores } = isCam
      ? this.shuffledCam(question, score.index)
      : this.shuffledAttribution(question, score.index);
    const { input, size } = isCam ? this.over(question) : this.overInput(question.on);
    const picture = { ...this.before("black", input), scores };
    return sanityCheck(picture, mapOf, size, seed, context, soFar);
  }

  private shuffledCam(question: CamQuestion, index: number): { mapOf: MapOf; scores: Scores } {
    const { method, layers, score, minus, on } = question;
    const { input, size } = this.over(question);
    const asked = {
      ...{
        ...this.before("black", input),
        method,
        layers: this.runner.camLayers(layers, on).layers,
      },
      ...{ classes: [index], minus: minus?.index ?? null },
    };
    const mapOf: MapOf = async (subject, scores, context) => {
      // what is known of the picture was computed with the network's own weights
      const valueOf = async (node: string): Promise<FloatTensor> =>
        only(await forward({ ...subject, graph: scores.graph }, asked.inputs, [node]));
      const [map] = await mapsAtLayers({ ...asked, subject, scores, context, valueOf });
      return map ? enlarged(map, size) : new Float32Array();
    };
    return { mapOf, scores: scored(method, this.runner.model.scores, score).scores };
  }

  private shuffledAttribution(
    question: AttributeQuestion,
    index: number,
  ): { mapOf: MapOf; scores: Scores } {
    const { method } = question;
    const mapOf: MapOf = async (subject, scores, context) => {
      const request = this.attributionOf(question, index, context);
      // shuffled networks have gaps that no number of steps closes
      const steps = request.steps ?? ATTRIBUTIONS[method].options.steps?.usual ?? null;
      const made = await attributionMethods[method]({ ...request, subject, scores, steps });
      return overChannels(made.attribution);
    };
    const { scores } = this.runner.model;
    return { mapOf, scores: differentiated(scores, question.score ?? "logit") };
  }
}

function only([value]: readonly FloatTensor[]): FloatTensor {
  if (!value) throw new RangeError("the engine returned no maps");
  return value;
}

/** The classes that are asked for; throws a usage error for one that the model does not have. */
function chosen(all: readonly ClassScore[], targets: Targets): ClassScore[] {
  if ("top" in targets) return topClasses(all, targets.top);
  return targets.map(({ index }: Target) => {
    const score = all[index];
    if (!score) throw usageError(`Class ${index} is outside 0..${all.length - 1}.`);
    return score;
  });
}

/**
 * Which of the pictures under some layers a heat map lies over: the one that is named, or the first; null: none is under them. Throws
 * a usage error for one that is not under them.
 */
function pictureOf(
  on: string | null,
  pictures: readonly string[],
  layers: readonly Layer[],
): string | null {
  if (on === null || pictures.includes(on)) return on ?? pictures[0] ?? null;
  const names = layers.map(({ name }) => `'${name}'`).join(", ");
  const lie = pictures.map((name) => `'${name}'`).join(", ") || "no picture";
  throw usageError(`The cells of ${names} are positions of ${lie}, not of '${on}'.`);
}

/** The layer whose Grad-CAM guides Guided Grad-CAM. */
function guideOf(model: OpenModel, name: string | null): AttributionRequest["camLayer"] {
  const guide = name ?? model.summary.camLayer?.name;
  if (guide === undefined) return null;
  return { name: guide, maps: mapNode(model.graph, model.layer(guide), false) };
}

/** A map after ReLU at the size of the picture, [height * width]. */
export function enlarged({ raw }: ClassMap, size: readonly [number, number]): Float32Array {
  return upsample(raw.data, axes(raw.shape, 2), size);
}

/** Maps at the size of the picture, and the largest value of all: their common scale. */
function onOneScale(
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
