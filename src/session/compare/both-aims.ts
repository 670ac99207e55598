/** What both sides of a comparison are asked about: A's output and place, and their like in B. */
import {
  pairClasses,
  topPairs,
  totalVariation,
  type ClassPair,
} from "../../methods/compare/index.ts";
import type { Output } from "../../methods/outputs/index.ts";
import { usageError } from "../../base/errors.ts";
import type { Both } from "../../shared/contract/compare.ts";
import type { OfOutput, Targets } from "../../shared/question.ts";
import { Explained } from "../explained.ts";
import type { OpenModel } from "../open/model.ts";
import type { Aim } from "../run/aim.ts";
import type { Fed, Runner } from "../run/runner.ts";

/** A model that runs, with the picture it is shown. */
export interface Side {
  readonly runner: Runner;
  readonly fed: Fed;
}

/** Both sides, ready to be asked at one place. */
export interface BothAims {
  readonly explained: Both<Explained>;
  readonly aims: Both<Aim>;
  /** All classes there of both, those that are alike together. */
  readonly pairs: readonly ClassPair[];
}

/** B's output of the same name, else the one at the same place among its outputs. */
function partnerOutput(a: OpenModel, b: OpenModel, output: Output): string {
  const { all } = b.outputs;
  const found =
    all.find(({ spec }) => spec.name === output.spec.name) ?? all[a.outputs.all.indexOf(output)];
  if (found) return found.spec.name;
  throw usageError(`${b.summary.name} has no output that is like '${output.spec.name}'.`);
}

/** `named`: classes are, rather than the most likely ones. Throws a ConvLensError where a side has no such place. */
export async function bothAims(
  a: Side,
  b: Side,
  { output, where }: OfOutput,
  named: boolean,
): Promise<BothAims> {
  const explained = [new Explained(a.runner, a.fed), new Explained(b.runner, b.fed)] as const;
  const own = await explained[0].aim({ output, where, named });
  const partner = partnerOutput(a.runner.model, b.runner.model, own.output);
  // what A has by itself is what B is asked, too: its surest box may be another one
  const other = await explained[1].aim({ output: partner, where: own.where, named });
  return { explained, aims: [own, other], pairs: pairClasses(own.classes, other.classes) };
}

/** The `count` that are explained by themselves: the most likely of either side. */
export function rankedPairs({ aims, pairs }: BothAims, count: number): ClassPair[] {
  if (aims[0].where?.kind !== "predicted") return topPairs(pairs, count);
  const order = ([0, 1] as const).flatMap((side) =>
    aims[side].ranked.flatMap((score) => pairs.filter((pair) => pair[side] === score)),
  );
  return [...new Set(order)].slice(0, count);
}

/** Those that are named by A's numbers, or the most likely. Throws a usage error for one that A does not have. */
export function chosenPairs(both: BothAims, targets: Targets): ClassPair[] {
  if ("top" in targets) return rankedPairs(both, targets.top);
  return targets.map(({ index }) => {
    const pair = both.pairs.find(([score]) => score?.index === index);
    if (!pair) throw usageError(`There is no class ${index}.`);
    return pair;
  });
}

/** How far both agree: of areas that each sees by itself the probabilities are of other positions, so they have no distance. */
export function agreement({ aims, pairs }: BothAims): { distance: number | null; agree: boolean } {
  const top = (side: 0 | 1): ClassPair | undefined => {
    const [best] = aims[side].ranked;
    return pairs.find((pair) => pair[side] !== null && pair[side] === best);
  };
  const distance = aims[0].where?.kind === "predicted" ? null : totalVariation(pairs);
  return { distance, agree: top(0) === top(1) };
}
