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
import { deletionInsertion, sanityCheck, type MapOf } from "../methods/trust/index.ts";
import type { Output } from "../methods/outputs/index.ts";
import type { Scores } from "../methods/types.ts";
import { ATTRIBUTIONS, CAM_METHODS, type AttributionName } from "../shared/catalogue.ts";
import type { AttributeAbout } from "../shared/method.ts";
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
import { aim, aimless, type Aim, type Asked } from "./run/aim.ts";
import { baselineInput } from "./run/baselines.ts";
import { pictureAmong } from "./run/feed.ts";
import type { Fed, Runner } from "./run/runner.ts";
import { differentiated, saturated, scored, type Saturated } from "./run/scored.ts";

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
  /** What the targets are of. */
  readonly aim: Aim;
  readonly scores: readonly ClassScore[];
  readonly minus: ClassScore | null;
  /** The layers that were taken, and why these. */
  readonly layers: readonly Layer[];
  readonly why: string;
  /** What has to be said of the maps; null: nothing. */
  readonly note: string | null;
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
  readonly aim: Aim;
  readonly score: ClassScore;
  /** The probability that is differentiated is saturated; null: it is not, or none is. */
  readonly flat: Saturated | null;
}

/** What a badge is of: the input that the map lies over (null: the first picture), what stands for nothing, and whose scores. */
interface Judged {
  readonly scores?: Scores;
  readonly on?: string | null;
  readonly baseline?: BaselineName;
}

interface How {
  readonly context: Control;
  /** Told of what there is so far, of methods that need a run per channel; enlarging it waits until it is wanted. */
  readonly soFar?: (answer: () => CamAnswer) => void;
}

/** Attributions by the slope where the picture is; the others measure what becomes of the score elsewhere too. */
const BY_SLOPE: Readonly<Record<AttributeAbout["group"], boolean>> = {
  ...{ gradients: true, guided: true, path: false, masks: false },
};

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

  /** The place that is asked about, with its classes. Throws a ConvLensError for what is not there, and where nothing is said. */
  async aim(asked: Asked): Promise<Aim> {
    const keyOf = ({ output, where, named = false }: Asked): string =>
      JSON.stringify([output, where, named]);
    const known = this.aims.get(keyOf(asked));
    if (known) return known;
    const found = await aim(this.runner, this.fed, asked);
    // who names the place that was found, and a class there, asks for the same nodes: made anew they would be run anew
    for (const one of [asked, { ...asked, where: found.where, named: true }])
      this.aims.set(keyOf(one), found);
    return found;
  }
  private readonly aims = new Map<string, Aim>();

  private aimOf({ output, where, targets }: CamQuestion | AttributeQuestion): Promise<Aim> {
    return this.aim({ output, where, named: !("top" in targets) });
  }
  /** A method that asks no score needs no class either. */
  private async camAim(question: CamQuestion): Promise<Aim> {
    const needed = CAM_METHODS[question.method].score !== null || question.where !== null;
    return this.aimOf(question).catch((error: unknown) => {
      if (needed || !("top" in question.targets)) throw error;
      return aimless(this.runner.model, question.output);
    });
  }

  /** Throws a ConvLensError for layers or targets that are not there, and a subtraction that the method does not allow. */
  async cam(question: CamQuestion, { context, soFar }: How): Promise<CamAnswer> {
    const found = await this.camAim(question);
    const { layers, why } = this.runner.camLayers(question.layers, question.on, found.output);
    const pictures = this.runner.picturesUnder(layers);
    const over = this.over(question, found.output);
    const before = this.before("black", over.input);
    const scores = chosen(found, question.targets);
    const [minus = null] = question.minus ? chosen(found, [question.minus]) : [];
    const asked = scored(question.method, found.scores, question.score);
    const flat = byGradients(question.method) ? saturated(asked.score, scores) : null;
    const facts = {
      ...{ ...over, aim: found, pictures, question, scores, minus, layers, why },
      ...{ score: asked.score, note: flat?.note ?? null },
    };
    const answer = (maps: readonly ClassMap[]): CamAnswer => ({
      ...{ ...facts, maps },
      ...onOneScale(maps, over.size, flat?.stretch ?? 1),
    });
    const { graph } = asked.scores;
    const maps = await mapsAtLayers({
      ...{
        ...before,
        method: question.method,
        over: over.input,
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
    const aimed = await this.aimOf(question);
    for (const score of chosen(aimed, question.targets)) {
      const request = this.attributionOf(question, aimed, score.index, control(score));
      const found = await attributionMethods[question.method](request);
      const bySlope = BY_SLOPE[ATTRIBUTIONS[question.method].group];
      const flat = bySlope ? saturated(question.score, [score]) : null;
      yield { aim: aimed, score, flat, ...found, ...this.overInput(question.on) };
    }
  }

  private attributionOf(
    { method, score, layer, steps, seed, baseline, on }: AttributeQuestion,
    { scores, output }: Aim,
    classIndex: number,
    context: Control,
  ): AttributionRequest {
    const guided = ATTRIBUTIONS[method].options.layer !== undefined;
    return {
      ...{ ...this.before(baseline, on), classIndex, steps, seed, context },
      scores: differentiated(scores, score ?? "logit"),
      camLayer: guided ? guideOf(this.runner, output, layer, this.overInput(on).input) : null,
    };
  }

  /** The picture that heat maps lie over. Throws a usage error for one that the layer's cells are no positions of. */
  over({ layers, on }: CamQuestion, output: Output | null = null): Over {
    const chosen = this.runner.camLayers(layers, on, output).layers;
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

  /** Deletion and insertion by `heat` [H * W] in the input `on`, of the picture's own scores unless others are given. */
  badge(
    heat: Float32Array,
    classIndex: number,
    context: Control,
    { on = null, baseline = "black", scores = this.runner.model.scores }: Judged = {},
  ): Promise<TrustBadge> {
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
    const found = await this.aimOf(question);
    const [score] = chosen(found, question.targets);
    if (!score) throw usageError("The check is of the map of one class, and none is named.");
    const isCam = question.kind === "cam";
    const { mapOf, scores } = isCam
      ? this.shuffledCam(question, found, score.index)
      : this.shuffledAttribution(question, found, score.index);
    const { input, size } = isCam ? this.over(question, found.output) : this.overInput(question.on);
    const picture = { ...this.before("black", input), scores };
    return sanityCheck(picture, mapOf, size, seed, context, soFar);
  }

  private shuffledCam(
    question: CamQuestion,
    { scores: own, output }: Aim,
    index: number,
  ): { mapOf: MapOf; scores: Scores } {
    const { method, layers, score, minus, on } = question;
    const { input, size } = this.over(question, output);
    const asked = {
      ...{
        ...this.before("black", input),
        over: input,
        method,
        layers: this.runner.camLayers(layers, on, output).layers,
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
    return { mapOf, scores: scored(method, own, score).scores };
  }

  private shuffledAttribution(
    question: AttributeQuestion,
    found: Aim,
    index: number,
  ): { mapOf: MapOf; scores: Scores } {
    const { method } = question;
    const mapOf: MapOf = async (subject, scores, context) => {
      const request = this.attributionOf(question, found, index, context);
      // shuffled networks have gaps that no number of steps closes
      const steps = request.steps ?? ATTRIBUTIONS[method].options.steps?.usual ?? null;
      const made = await attributionMethods[method]({ ...request, subject, scores, steps });
      return overChannels(made.attribution);
    };
    return { mapOf, scores: differentiated(found.scores, question.score ?? "logit") };
  }
}

function only([value]: readonly FloatTensor[]): FloatTensor {
  if (!value) throw new RangeError("the engine returned no maps");
  return value;
}

const byGradients = (method: CamQuestion["method"]): boolean =>
  CAM_METHODS[method].group === "gradients";

/** The classes that are asked for; throws a usage error for one that is not at the place. */
function chosen({ classes, ranked, output, where }: Aim, targets: Targets): ClassScore[] {
  if ("top" in targets) return ranked.slice(0, targets.top);
  return targets.map(({ index }: Target) => {
    const score = classes[index];
    if (score && where?.kind === "predicted" && !ranked.includes(score))
      throw inputError(
        `Class ${index} is the most likely at no position of '${output.spec.name}'; those that are: ${ranked.map((one) => one.index).join(", ")}.`,
      );
    if (score) return score;
    const of = output.kind === "classes" ? "" : ` of the output '${output.spec.name}'`;
    throw usageError(`Class ${index} is outside 0..${classes.length - 1}${of}.`);
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

/** The layer whose Grad-CAM over a picture guides Guided Grad-CAM. Throws a usage error for one that lies over others only. */
function guideOf(
  runner: Runner,
  output: Output,
  name: string | null,
  over: string,
): AttributionRequest["camLayer"] {
  const { model } = runner;
  const guide = name ?? model.camLayerOf(output, over)?.name;
  if (guide === undefined) return null;
  const layer = model.layer(guide);
  const pictures = runner.picturesUnder([layer]);
  if (pictures.length > 0) pictureOf(over, pictures, [layer]);
  const maps = mapNode(model.graph, layer, false, over);
  return { name: guide, source: layer.output ?? maps, maps };
}

/** A map after ReLU at the size of the picture, [height * width]. */
export function enlarged({ raw }: ClassMap, size: readonly [number, number]): Float32Array {
  return upsample(raw.data, axes(raw.shape, 2), size);
}

/** Maps at the size of the picture, and the largest value of all (or `stretch` times as much): their common scale. */
function onOneScale(
  maps: readonly ClassMap[],
  size: readonly [number, number],
  stretch: number,
): { large: Float32Array[]; largest: number } {
  const large = maps.map((map) => enlarged(map, size));
  return { large, largest: stretch * Math.max(0, ...large.map((map) => rangeOf(map).max)) };
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
