/** Through which wires and maps of a network a class of a picture comes about. */
import { contributions, withTaps, type Wire } from "../../methods/contribution/index.ts";
import { networkGraph } from "../../methods/blocks/index.ts";
import { at } from "../../base/at.ts";
import { usageError } from "../../base/errors.ts";
import type { Layer } from "../../graph/index.ts";
import type { Flow } from "../../shared/contract/graph.ts";
import type { ClassScore } from "../../shared/contract/lenses.ts";
import { classTarget, type OfClass } from "../../shared/question.ts";
import { aim, type Aim } from "../run/aim.ts";
import type { Fed, Runner } from "../run/runner.ts";
import { chosen } from "./targets.ts";

/** More wires than this at once are more nodes than an engine is to be given. */
const MOST_WIRES = 3000;

async function aimed(runner: Runner, fed: Fed, of: OfClass): Promise<Aim & { score: ClassScore }> {
  const { classIndex, output, where } = of;
  const found = await aim(runner, fed, { output, where, named: classIndex !== null });
  const targets = classIndex === null ? { top: 1 } : [classTarget(classIndex)];
  return { ...found, score: at(chosen(found, targets), 0) };
}

/**
 * What flows along each edge of the network's graph to a class (null: the most likely one). Throws a ConvLensError for a class or a place
 * that is not there, and of kind `usage` for a network of too many edges.
 */
export async function flowOf(
  runner: Runner,
  fed: Fed,
  of: OfClass,
): Promise<Omit<Flow, "engine" | "seconds">> {
  const { scores, score } = await aimed(runner, fed, of);
  const { layers } = runner.model.summary;
  const { edges } = networkGraph(layers);
  if (edges.length > MOST_WIRES)
    throw usageError(`The network has ${edges.length} wires; at most ${MOST_WIRES} are followed.`);
  const named = new Map(layers.map(({ name }) => [name, runner.model.layer(name)]));
  const layerAt = (place: number): Layer | undefined => named.get(at(layers, place).name);
  const wires = edges.map(({ from, to }): Wire | null => {
    const [source, target] = [layerAt(from), layerAt(to)];
    return source && target ? { from: source, to: target } : null;
  });
  const owned = new Set([...named.values()].flatMap(({ nodes }) => nodes));
  const known = wires.filter((wire) => wire !== null);
  const { graph, taps } = withTaps(scores.graph, known, owned);
  const found = taps.filter((tap) => tap !== null);
  const how = { inputs: fed.inputs, classIndex: score.index, kept: "none" as const };
  const values = await contributions(runner.subject, scores, graph, found, how);
  const byTap = new Map(found.map((tap, i) => [tap, at(values, i)?.[0] ?? null]));
  const tapOf = new Map(known.map((wire, i) => [wire, at(taps, i)]));
  return {
    score,
    edges: wires.map((wire) => {
      const tap = wire && tapOf.get(wire);
      return typeof tap === "string" ? (byTap.get(tap) ?? null) : null;
    }),
  };
}

/**
 * What each channel of some layers' outputs contributes to a class, in the order of `layers`; null where the class does not depend on it,
 * or its output is no tensor with channels.
 */
export async function channelFlow(
  runner: Runner,
  fed: Fed,
  of: OfClass,
  layers: readonly Layer[],
): Promise<readonly (Float32Array | null)[]> {
  const { scores, score } = await aimed(runner, fed, of);
  const outputs = [...new Set(layers.flatMap(({ output }) => output ?? []))];
  const how = { inputs: fed.inputs, classIndex: score.index, kept: "channels" as const };
  const values = await contributions(runner.subject, scores, scores.graph, outputs, how);
  return layers.map(({ output }) => (output === null ? null : at(values, outputs.indexOf(output))));
}
