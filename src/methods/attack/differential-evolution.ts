import { breathe } from "../../base/errors.ts";
import { Random } from "../random.ts";
import about from "./de/about.ts";
import { pixelScorer } from "./candidates.ts";
import { achieved, isBetter, requireCorrect, succeeded, watchedBy } from "./rules.ts";
import { withPixels, type Pixel } from "./pixels.ts";
import type { CandidateScore } from "./score.ts";
import type { AttackRequest, AttackResult } from "./types.ts";

/** How many pixels change, candidates a generation has, and generations there are at most. */
export interface EvolutionOptions {
  readonly pixels: number;
  readonly population: number;
  readonly generations: number;
}
/** The paper's: 400 candidates, at most 100 generations, F = 0.5, no crossover. */
const PAPER: EvolutionOptions = {
  pixels: about.options.pixels.usual,
  population: about.options.population.usual,
  generations: about.options.steps.usual,
};
const F = 0.5;
/** x, y, r, g, b */
const GENES = 5;

/**
 * Differential evolution (Su, Vargas, Sakurai 2017, "One pixel attack for fooling deep neural networks"): x, y uniform, colours
 * from N(128, 127), each child against its own parent, early stop. Candidates are rounded to 8 bits before they are scored.
 * Throws a ConvLensError of kind `usage` when the picture is not classified as the true class to begin with.
 */
export async function differentialEvolution(
  request: AttackRequest,
  options: EvolutionOptions = PAPER,
): Promise<AttackResult> {
  const { input, scaling, goal, batch, context } = request;
  const [, height = 1, width = 1] = input.shape;
  const random = new Random(request.seed);
  const { score, whole } = await pixelScorer(request, watchedBy(goal), options.pixels);
  const before = await requireCorrect(request, whole);
  const better = (a: CandidateScore, b: CandidateScore): boolean => isBetter(a, b, goal);

  let evaluations = 0;
  const evaluate = async (genomes: readonly Float64Array[]): Promise<CandidateScore[]> => {
    const all: CandidateScore[] = [];
    for (let first = 0; first < genomes.length; first += batch) {
      const candidates = genomes.slice(first, first + batch).map((g) => decode(g, width, height));
      all.push(...(await score(candidates)));
      await breathe(context.signal);
    }
    evaluations += genomes.length;
    return all;
  };

  let parents = Array.from({ length: options.population }, () =>
    first(options.pixels, random, width, height),
  );
  let fitness = await evaluate(parents);
  const bestIndex = (): number =>
    fitness.reduce((best, own, i) => (better(own, fitness[best] ?? own) ? i : best), 0);
  const best = (): { pixels: Pixel[]; score: CandidateScore; evaluations: number } => {
    const at = bestIndex();
    return {
      pixels: decode(parents[at] ?? new Float64Array(GENES), width, height),
      score: fitness[at] ?? before,
      evaluations,
    };
  };
  for (let generation = 0; ;) {
    const leader = best();
    request.onBest?.(leader);
    context.progress({ fraction: generation / options.generations });
    const done = succeeded(leader.score, goal);
    const isCut = request.keepsBest === true && context.signal.aborted;
    if (done || isCut || generation === options.generations)
      return {
        ...leader,
        success: achieved(leader.score, before, goal),
        before,
        image: withPixels(input, [leader.pixels], scaling),
        map: null,
      };
    const children = parents.map(() => mutate(parents, random));
    const scored = await evaluate(children).catch((error: unknown) => {
      if (request.keepsBest === true && context.signal.aborted) return null;
      throw error;
    });
    if (!scored) continue;
    generation++;
    const wins = scored.map((own, i) => better(own, fitness[i] ?? own));
    parents = parents.map((parent, i) => (wins[i] ? (children[i] ?? parent) : parent));
    fitness = fitness.map((own, i) => (wins[i] ? (scored[i] ?? own) : own));
  }
}

function first(pixels: number, random: Random, width: number, height: number): Float64Array {
  const genome = new Float64Array(pixels * GENES);
  for (let at = 0; at < genome.length; at += GENES) {
    genome[at] = random.uniform() * width;
    genome[at + 1] = random.uniform() * height;
    for (let k = 2; k < GENES; k++) genome[at + k] = 128 + 127 * random.normal();
  }
  return genome;
}

/** a + F (b - c) of three different parents */
function mutate(parents: readonly Float64Array[], random: Random): Float64Array {
  const picked = new Set<number>();
  while (picked.size < Math.min(3, parents.length)) picked.add(random.integer(parents.length));
  const [a, b, c] = [...picked].map((i) => parents[i]);
  return Float64Array.from(a ?? [], (value, i) => value + F * ((b?.[i] ?? 0) - (c?.[i] ?? 0)));
}

/** A genome as pixels inside the picture with 8-bit colours: what is scored is what can be saved. */
function decode(genome: Float64Array, width: number, height: number): Pixel[] {
  const inside = (value: number, below: number): number =>
    Math.max(0, Math.min(below - 1, Math.floor(value)));
  const byte = (value: number): number => Math.max(0, Math.min(255, Math.round(value)));
  return Array.from({ length: genome.length / GENES }, (_, i) => {
    const [x = 0, y = 0, r = 0, g = 0, b = 0] = genome.subarray(i * GENES, (i + 1) * GENES);
    return { x: inside(x, width), y: inside(y, height), rgb: [byte(r), byte(g), byte(b)] };
  });
}
