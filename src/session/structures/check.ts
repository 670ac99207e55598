/** A structure on pictures: whether what weights cannot tell is what the network was trained with, and which of several it is. */
import { at } from "../../base/at.ts";
import type { ModelGraph, StructureUse } from "../../graph/index.ts";
import { forward } from "../../methods/forward.ts";
import {
  agreements,
  alternatives,
  between,
  normsOf,
  unseen,
  type Agreement,
  type Norm,
} from "../../methods/statistics/index.ts";
import type { Inputs } from "../../methods/types.ts";
import type { Control } from "../../shared/control.ts";
import type { Runner } from "../run/runner.ts";

/** Fewer pictures say nothing of variances. */
const FEWEST = 16;
/**
 * Of `Agreement.worst`: below it are the networks of the fixtures on pictures that they were not trained with (at most 0.03), above it all
 * look-alikes that a batch normalization can show (at least 0.06).
 */
const MOST_APART = 0.045;
/** Two networks are told apart where they differ by this much at a channel (`Between.apart`), and the pictures stand by one of them. */
const TELLING = 0.1;
const NEAR = 0.2;
/** Of `Between.place`: behind it the other is nearer. */
const HALF_WAY = 0.5;
/** Relative difference of class scores that is no matter. */
const NO_MATTER = 0.01;

/** A network that the weights fit, on an engine, with the pictures as its library prepares them. */
export interface Trial {
  /** As `StructureUse.candidates` has it. */
  readonly name: string;
  readonly runner: Runner;
  readonly batches: readonly Inputs[];
}

/**
 * The trial whose batch normalizations the pictures speak for: each is held against the best of those before it (`between`). The first one
 * where they have none, or too few pictures are there.
 */
export async function likeliest(trials: readonly Trial[], control: Control): Promise<Trial> {
  let best = at(trials, 0);
  if (countOf(best.batches) < FEWEST) return best;
  for (const other of trials.slice(1)) {
    const norms = await normsOf(best.runner.model.graph);
    const theirs = await agreementsAs(norms, other, control);
    if (theirs === null) continue;
    const own = await agreements(best.runner.subject, norms, best.batches, control);
    const { place, apart } = between(own, theirs);
    if (apart > 0 && place > HALF_WAY) best = other;
  }
  return best;
}

/** The same batch normalizations in another network, in the units of `norms`; null where it has others. */
async function agreementsAs(
  norms: readonly Norm[],
  { runner: { model, subject }, batches }: Trial,
  control: Control,
): Promise<Agreement[] | null> {
  const theirs = new Map((await normsOf(model.graph)).map((norm) => [norm.layer, norm]));
  const matched = norms.flatMap((norm) => {
    const other = theirs.get(norm.layer);
    return other ? [{ ...norm, node: other.node, input: other.input }] : [];
  });
  if (matched.length !== norms.length) return null;
  return agreements(subject, matched, batches, control);
}
const countOf = (batches: readonly Inputs[]): number =>
  batches.reduce((sum, inputs) => sum + at(at(inputs, 0).shape, 0), 0);

/**
 * What the pictures say of the structure that a model was opened with: `high` only where every batch normalization sees what it saw in
 * training, none of the `rivals` would do, and nothing is left that no batch normalization would show. Each doubt is said.
 */
export async function checkedStructure(
  { runner: { model, subject }, batches }: Omit<Trial, "name">,
  use: StructureUse,
  control: Control,
  rivals: readonly Trial[] = [],
): Promise<StructureUse> {
  const { graph } = model;
  const norms = await normsOf(graph);
  const pictures = countOf(batches);
  if (norms.length === 0)
    return keeps(use, "nothing in it can be checked with pictures: it has no batch normalization");
  if (pictures < FEWEST)
    return keeps(use, `not checked: ${pictures} pictures are too few, give at least ${FEWEST}`);
  const own = await agreements(subject, norms, batches, control);
  const verdicts = new Verdicts(own, at(batches, 0), { graph, engine: subject.engine });
  for (const { what, graph: other } of alternatives(graph, norms)) {
    const theirs = await agreements({ ...subject, graph: other }, norms, batches, control);
    await verdicts.judge(what, theirs, other, at(batches, 0));
  }
  for (const { name, runner, batches: same } of rivals) {
    const theirs = await agreementsAs(norms, { name, runner, batches: same }, control);
    if (theirs) await verdicts.judge(name, theirs, runner.model.graph, at(same, 0));
  }
  // those that the pictures do not rule out, and itself
  const left = use.candidates.filter((name) => !verdicts.ruledOut.has(name));
  const candidates = left.length > 1 ? left : [];
  const jump = own.find(({ worst }) => worst > MOST_APART);
  if (jump) {
    const assumed = [...use.assumed, disagreement(jump, own)];
    return { ...use, candidates, confidence: "low", assumed };
  }
  const { doubts, harmless, ruledOut } = verdicts;
  const hidden = unseen(graph, norms);
  if (hidden.length > 0)
    doubts.push(`no batch normalization shows ${hidden.slice(0, MOST_TOLD).join(", ")}`);
  const against = use.candidates.filter((name) => ruledOut.has(name));
  const told = against.length > 0 ? [`the pictures speak against ${against.join(", ")}`] : [];
  if (doubts.length > 0 || candidates.length > 0) {
    const assumed = [...use.assumed, ...told, ...doubts, ...harmless];
    return { ...use, candidates, confidence: "low", assumed };
  }
  const agreed = `checked: ${norms.length} batch normalizations agree with ${pictures} pictures`;
  const confidence = use.confidence === "exact" ? "exact" : "high";
  return {
    ...use,
    candidates,
    confidence,
    assumed: [...use.assumed, agreed, ...told, ...harmless],
  };
}

/** What the pictures say of networks that might be meant in place of one. */
class Verdicts {
  readonly doubts: string[] = [];
  readonly harmless: string[] = [];
  readonly ruledOut = new Set<string>();

  constructor(
    private readonly own: readonly Agreement[],
    private readonly inputs: Inputs,
    private readonly one: Pick<Runner["subject"], "graph" | "engine">,
  ) {}

  /** Ruled out is what the pictures are far enough from, where they stand by the one. */
  async judge(
    what: string,
    theirs: readonly Agreement[],
    graph: ModelGraph,
    inputs: Inputs,
  ): Promise<void> {
    const { place, apart } = between(this.own, theirs);
    if (apart >= TELLING && Math.abs(place) <= NEAR) {
      this.ruledOut.add(what);
      return;
    }
    const change = await this.scoreChange(graph, inputs);
    const words = `${what} would change class scores by ${(100 * change).toFixed(1)} %`;
    if (change < NO_MATTER) this.harmless.push(words);
    else
      this.doubts.push(`pictures cannot rule out ${what}, which ${words.slice(what.length + 1)}`);
  }

  /** Relative difference of the outputs on the first pictures. */
  private async scoreChange(graph: ModelGraph, inputs: Inputs): Promise<number> {
    const first = (of: ModelGraph): string[] => of.outputs.slice(0, 1).map(({ node }) => node);
    const [a] = await forward(this.one, this.inputs, first(this.one.graph));
    const [b] = await forward({ ...this.one, graph }, inputs, first(graph));
    if (!a || !b || a.data.length !== b.data.length) return Infinity;
    let [apart, size] = [0, 0];
    a.data.forEach((value, i) => {
      apart += (value - at(b.data, i)) ** 2;
      size += value * value;
    });
    return Math.sqrt(apart / size);
  }
}
const MOST_TOLD = 4;

const keeps = (use: StructureUse, why: string): StructureUse => ({
  ...use,
  assumed: [...use.assumed, why],
});
function disagreement(jump: Agreement, all: readonly Agreement[]): string {
  const { layer, shift, spread } = jump;
  const place =
    jump === all[0]
      ? "already the first batch normalization, so the pictures may be others than those of the training, or scaled in another way"
      : "the first that does";
  return `what the pictures give disagrees with what '${layer}' kept of training (mean off by ${shift.toFixed(2)}, log variance by ${spread.toFixed(2)}): ${place}`;
}
