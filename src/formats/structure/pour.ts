/** A file of weights + a structure -> a graph that runs. */
import type { InputSize } from "../../base/preprocessing.ts";
import { inputError } from "../../base/errors.ts";
import type { ModelGraph } from "../../graph/index.ts";
import type { ByteSource } from "../bytes/source.ts";
import { Impossible } from "../lower/unsupported.ts";
import type { Match, Told } from "./find.ts";
import type { Solved } from "./structure.ts";

/** What the file of weights says of itself. */
interface Said {
  readonly format: string;
  readonly producer: string | null;
  readonly notes: readonly string[];
}

/**
 * The graph of the match, whose structure is closed with its weights. Throws a ConvLensError of kind `input` where the network does not
 * work with other sizes than its own, and closes the structure.
 */
export function pour(
  match: Match,
  { format, producer, notes }: Said,
  source: ByteSource,
  options: { readonly inputSize?: InputSize | undefined },
): ModelGraph {
  const { structure, fit, source: found, confidence, weights, candidates, told = {} } = match;
  const graph = built(match, source, options);
  const assumed = [
    ...match.assumed,
    ...(fit.solved.length > 0 ? [sizes(fit.solved)] : []),
    ...(told.assumed ?? []),
    ...[...fit.madeUp].map(
      ([key, own]) => `'${own}' of ${structure.name} is '${key}', by its shape`,
    ),
  ];
  const { filePrefix, placePrefix } = fit.pairing;
  return {
    ...graph,
    ...labelsFor(graph, told),
    ...(told.scaling && { scaling: told.scaling }),
    format,
    producer: producer ?? graph.producer,
    structure: { source: found, confidence, assumed, candidates },
    notes: distinct([
      ...notes,
      ...(weights.path.length > 0
        ? [`The network is what the file keeps under '${weights.path.join(".")}'.`]
        : []),
      ...(filePrefix !== placePrefix
        ? [`Keys begin with '${filePrefix}' in the file and '${placePrefix}' in ${structure.name}.`]
        : []),
      ...(fit.left.length > 0
        ? [`Tensors beside the network are left out: ${fit.left.slice(0, 8).join(", ")}.`]
        : []),
      ...graph.notes,
    ]),
  };
}

/** The file says of itself what is said of the network, too. */
const distinct = (notes: readonly string[]): string[] => [...new Set(notes)];

/** Names of classes, where the network has as many of anything. */
const labelsFor = ({ outputs }: ModelGraph, { labels }: Told): Pick<ModelGraph, "labels"> =>
  labels && outputs.some(({ shape }) => shape.at(-1) === labels.length) ? { labels } : {};

/** A graph that works with the sizes of the weights. */
function built(
  { structure, fit }: Match,
  source: ByteSource,
  options: { readonly inputSize?: InputSize | undefined },
): ModelGraph {
  const isSolved = fit.solved.length > 0;
  const misfit = (why: string): Error =>
    inputError(
      `'${source.name}' does not fit ${structure.name}: ${sizes(fit.solved)}, with which ${why}.`,
    );
  try {
    const graph = structure.build(fit, source, options);
    const broken = isSolved && graph.layers.find(({ opaque }) => opaque !== null);
    if (broken) throw misfit(`'${broken.name}' does not work (${broken.opaque})`);
    return graph;
  } catch (error) {
    structure.close();
    if (!(error instanceof Impossible)) throw error;
    throw isSolved
      ? misfit(error.message)
      : inputError(`${structure.name} says what cannot be: ${error.message}; export it again.`);
  }
}

const MOST_TOLD = 6;
/** `'fc.weight' has 10 in place of 1000`, the first few. */
function sizes(solved: readonly Solved[]): string {
  const each = [
    ...new Set(solved.map(({ key, from, to }) => `'${key}' has ${to} in place of ${from}`)),
  ];
  const more = each.length > MOST_TOLD ? `, and ${each.length - MOST_TOLD} more` : "";
  return each.slice(0, MOST_TOLD).join(", ") + more;
}
