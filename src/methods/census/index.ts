/** Which filters of a network live, over a set of pictures. */
import type { Control } from "../../shared/control.ts";
import { breathe, inputError } from "../../base/errors.ts";
import { asFloats } from "../../base/tensor.ts";
import { runRows } from "../batching.ts";
import type { Subject } from "../types.ts";
import { censusLayers } from "./layers.ts";
import { appendReductions } from "./reduce.ts";
import { FilterTally } from "./tally.ts";
import type { Census, CensusBatch, CensusState } from "./types.ts";

export type { Census, CensusBatch, CensusState, LayerCensus } from "./types.ts";
export { nearDuplicates } from "./duplicates.ts";
export { influence } from "./influence.ts";
export { kernelLayer } from "./kernel-layer.ts";

const TOP_PICTURES = 9;

/**
 * Streams batches of pictures through the network once. `keep` is told after each batch what is known so far, so that a
 * cancelled census is not lost; `from` is the state of an earlier one, which goes on. Memory does not grow with the pictures. Throws a ConvLensError of kind `input` when the model has no layer whose filters could die.
 */
export async function census(
  { graph, engine }: Pick<Subject, "graph" | "engine">,
  batches: AsyncIterable<CensusBatch>,
  control: Control,
  keep?: (census: Census, state: () => CensusState) => void | Promise<void>,
  from: CensusState | null = null,
): Promise<Census> {
  const layers = censusLayers(graph);
  if (layers.length === 0)
    throw inputError("The model has no activation with channels, so no filter of it can be dead.");
  const { graph: extended, reduced } = appendReductions(graph, layers);
  const feeds = graph.inputs.map(({ node }) => node);
  const fetches = reduced.flatMap(({ max, min, mean, zeros }) => [max, min, mean, zeros]);
  const program = await engine.compile(extended, feeds, fetches);
  const tallies = layers.map(({ filters }, i) =>
    Array.from(
      { length: filters },
      (_, k) => new FilterTally(TOP_PICTURES, from?.tallies[i]?.[k] ?? null),
    ),
  );
  let images = from?.images ?? 0;
  const result = (): Census => ({
    images,
    layers: layers.map((own, i) => ({
      name: own.layer.name,
      filters: (tallies[i] ?? []).map((tally) => tally.result(own)),
    })),
    skipped: [],
  });
  for await (const { names, inputs } of batches) {
    const values = (await runRows(engine, program, inputs)).map((value) => asFloats(value).data);
    layers.forEach(({ filters }, i) => {
      const [max, min, mean, zeros] = values.slice(4 * i, 4 * i + 4);
      names.forEach((name, row) => {
        for (let k = 0; k < filters; k++) {
          const at = row * filters + k;
          tallies[i]?.[k]?.add(
            name,
            max?.[at] ?? 0,
            min?.[at] ?? 0,
            mean?.[at] ?? 0,
            zeros?.[at] ?? 0,
          );
        }
      });
    });
    images += names.length;
    await keep?.(result(), () => ({
      images,
      tallies: tallies.map((own) => own.map((tally) => tally.state())),
    }));
    control.progress({ message: `${images} pictures` });
    await breathe(control.signal);
  }
  if (images === 0) throw inputError("No picture could be read, so there is nothing to count.");
  return result();
}
