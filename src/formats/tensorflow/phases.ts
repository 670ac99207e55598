/** What may come between a dilated convolution and BatchToSpaceND: what treats every position alike. */
import type { Edge, Phases } from "./edges.ts";
import { FUNCTIONS } from "./ops/functions.ts";

const EVERYWHERE = new Set([...FUNCTIONS.keys(), "BiasAdd", "Identity"]);

/** The phases of a convolved picture that `op` takes, where it does the same to them as to the picture itself. */
export function phasesFor(op: string, [first]: readonly Edge[]): Phases | null {
  if (first?.kind !== "phases" || !first.convolved) return null;
  return EVERYWHERE.has(op) || /^FusedBatchNorm/.test(op) ? first : null;
}

/** What came of the picture itself, as phases again. */
export const asPhases = (phases: Phases, out: readonly Edge[]): readonly Edge[] =>
  out.map((edge) => (edge.kind === "tensor" ? { ...phases, source: edge } : edge));
