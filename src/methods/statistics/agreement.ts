/**
 * What pictures give at the input of each batch normalization, against what it kept of training (running mean and variance): in the network
 * that was trained the two agree, up to the difference between the pictures; behind a wrong stride, activation, order or epsilon they do not.
 */
import { at } from "../../base/at.ts";
import { asFloats } from "../../base/tensor.ts";
import { breathe } from "../../base/errors.ts";
import { GraphBuilder, type ModelGraph, type NodeId } from "../../graph/index.ts";
import type { Control } from "../../shared/control.ts";
import { runRows } from "../batching.ts";
import type { Inputs, Subject } from "../types.ts";
import type { Norm } from "./norms.ts";

/** How far one batch normalization's input is from its statistics, beyond what the choice of pictures explains. */
export interface Agreement {
  readonly layer: string;
  /** Root mean square over the channels of (mean of the pictures - running mean) / sqrt(running variance + epsilon). */
  readonly shift: number;
  /** Root mean square over the channels of the logarithm of variance of the pictures / running variance. */
  readonly spread: number;
  /** What `shift` and `spread` would be of by chance: the standard error of both, root mean square over the channels. */
  readonly chance: number;
  /** Root mean square of both in the eighth of the channels where they are largest, counted beyond three standard errors. */
  readonly worst: number;
  /** Both by channel, chance included: (mean - running mean) / deviation, and log(variance / running variance). */
  readonly shifts: Float64Array;
  readonly ratios: Float64Array;
}

/** Variances below this part of what is normalised are as good as none: their logarithms say nothing. */
const FLOOR = 0.05;

/** One result for each of `norms`, over all batches. */
export async function agreements(
  { graph, engine }: Pick<Subject, "graph" | "engine">,
  norms: readonly Norm[],
  batches: readonly Inputs[],
  control: Control,
): Promise<Agreement[]> {
  const { graph: extended, fetches } = withMoments(graph, norms);
  const feeds = graph.inputs.map(({ node }) => node);
  const program = await engine.compile(extended, feeds, fetches);
  const tallies = norms.map((norm) => new Tally(norm));
  for (const inputs of batches) {
    const values = (await runRows(engine, program, inputs)).map((value) => asFloats(value).data);
    tallies.forEach((tally, i) => {
      tally.add(at(values, 2 * i), at(values, 2 * i + 1));
    });
    await breathe(control.signal);
  }
  return tallies.map((tally) => tally.result());
}

/** Of each picture and channel, [N, C] each: the mean of x - running mean over the positions, and of its square. */
function withMoments(
  graph: ModelGraph,
  norms: readonly Norm[],
): { graph: ModelGraph; fetches: NodeId[] } {
  const builder = new GraphBuilder(graph.nodes);
  const fetches = norms.flatMap(({ input, mean }) => {
    const rank = builder.shape(input).length;
    const axes = Array.from({ length: rank - 2 }, (_, i) => i + 1);
    const kept = builder.constant({ dtype: "float32", shape: [mean.length], data: mean });
    const centred = builder.add("sub", "norm_centred", [input, kept]);
    const square = builder.add("square", "norm_square", [centred]);
    if (axes.length === 0) return [centred, square];
    const over = { axes, keepDims: false };
    return [
      builder.add("mean", "norm_first", [centred], over),
      builder.add("mean", "norm_second", [square], over),
    ];
  });
  return { graph: { ...graph, nodes: builder.nodes }, fetches };
}

/** Sums over pictures of both moments and their squares. */
class Tally {
  private pictures = 0;
  private readonly sums: readonly Float64Array[];

  constructor(private readonly norm: Norm) {
    this.sums = Array.from({ length: 4 }, () => new Float64Array(norm.mean.length));
  }

  /** Both [N, C]. */
  add(first: Float32Array, second: Float32Array): void {
    const { variance, epsilon } = this.norm;
    const channels = variance.length;
    const [one, oneSquared, two, twoSquared] = this.sums;
    if (!one || !oneSquared || !two || !twoSquared) return;
    this.pictures += first.length / channels;
    for (let i = 0; i < first.length; i++) {
      const c = i % channels;
      const unit = at(variance, c) + epsilon;
      const [a, b] = [at(first, i) / Math.sqrt(unit), at(second, i) / unit];
      one[c] = at(one, c) + a;
      oneSquared[c] = at(oneSquared, c) + a * a;
      two[c] = at(two, c) + b;
      twoSquared[c] = at(twoSquared, c) + b * b;
    }
  }

  result(): Agreement {
    const { variance, epsilon, layer } = this.norm;
    const [one, oneSquared, two, twoSquared] = this.sums;
    const n = this.pictures;
    let [shift, spread, chance] = [0, 0, 0];
    const [shifts, ratios] = [new Float64Array(variance.length), new Float64Array(variance.length)];
    const beyond: number[] = [];
    variance.forEach((kept, c) => {
      const of = (sums: Float64Array | undefined): number => (sums ? at(sums, c) : 0) / n;
      const [mean, second] = [of(one), of(two)];
      const expected = kept / (kept + epsilon);
      const varied = Math.max(0, second - mean * mean);
      const ratio = Math.log((varied + FLOOR) / (expected + FLOOR));
      // squared standard errors of both over the pictures
      const ofMean = Math.max(0, of(oneSquared) - mean * mean) / (n - 1);
      const ofSecond = Math.max(0, of(twoSquared) - second * second) / (n - 1);
      const ofRatio = ofSecond / (varied + FLOOR) ** 2;
      shift += mean * mean - ofMean;
      spread += ratio * ratio - ofRatio;
      chance += ofMean + ofRatio;
      [shifts[c], ratios[c]] = [mean, ratio];
      beyond.push(
        Math.max(
          0,
          Math.abs(mean) - 3 * Math.sqrt(ofMean),
          Math.abs(ratio) - 3 * Math.sqrt(ofRatio),
        ),
      );
    });
    const root = (sum: number): number => Math.sqrt(Math.max(0, sum / variance.length));
    return {
      layer,
      shift: root(shift),
      spread: root(spread),
      chance: root(chance),
      worst: worstOf(beyond),
      shifts,
      ratios,
    };
  }
}

function worstOf(values: readonly number[]): number {
  const most = values.toSorted((a, b) => b - a).slice(0, Math.ceil(values.length / 8));
  return Math.sqrt(most.reduce((sum, value) => sum + value * value, 0) / most.length);
}

/** How far the pictures are on the way from one network to another: 0 is the one, 1 the other; with its standard error. */
export interface Between {
  readonly place: number;
  readonly error: number;
  /** What separates the two networks at a channel, root mean square; in the units of `Agreement`. */
  readonly apart: number;
}

/**
 * Which of two networks the statistics speak for. Where the other is right, each channel is off by what separates the two: the deviations are
 * regressed on that, with an intercept for each layer, because pictures that are smoother or darker than those of the training move all
 * channels of a layer alike (ordinary least squares).
 */
export function between(own: readonly Agreement[], other: readonly Agreement[]): Between {
  const pairs = own.flatMap((layer, i) => {
    const theirs = at(other, i);
    return [
      centredPairs(layer.shifts, theirs.shifts),
      centredPairs(layer.ratios, theirs.ratios),
    ].flat();
  });
  const power = pairs.reduce((sum, [, apart]) => sum + apart * apart, 0);
  if (power === 0) return { place: 0, error: Infinity, apart: 0 };
  const place = pairs.reduce((sum, [off, apart]) => sum + off * apart, 0) / power;
  const rest = pairs.reduce((sum, [off, apart]) => sum + (off - place * apart) ** 2, 0);
  return {
    place,
    error: Math.sqrt(rest / pairs.length / power),
    apart: Math.sqrt(power / pairs.length),
  };
}

/** By channel, less the mean of the layer: how far the one is off, and how far the other is from it the other way. */
function centredPairs(own: Float64Array, other: Float64Array): (readonly [number, number])[] {
  const apart = own.map((value, c) => value - at(other, c));
  const [a, b] = [meanOf(own), meanOf(apart)];
  return Array.from(own, (value, c) => [value - a, at(apart, c) - b] as const);
}
const meanOf = (values: Float64Array): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
