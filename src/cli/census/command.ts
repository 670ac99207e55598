import path from "node:path";
import { kernelLayer, nearDuplicates, type LayerCensus } from "../../methods/census/index.ts";
import { arrangeKernel, kernelWeight } from "../../methods/filters/index.ts";
import {
  countPictures,
  pictureFiles,
  PictureStore,
  type Counted,
  type OpenModel,
} from "../../session/index.ts";
import { asFloats } from "../../base/tensor.ts";
import { batchSize } from "../arguments/batch-size.ts";
import type { Call, Command } from "../command.ts";
import { onEngine } from "../model/engine.ts";
import { openRunnable } from "../model/open.ts";
import { percent, table } from "../output/table.ts";

/** Pictures are decoded one after another: a larger batch only costs memory. */
const MOST_AT_ONCE = 32;

/** Counts dead, saturated and constant filters over pictures; goes on from `census.state.json`. */
export const command: Command = {
  needsModel: true,
  takesFiles: true,
  async run(file, call) {
    const { args, say, signal, artifacts } = call;
    const model = await openRunnable(file, call);
    const files = await pictureFiles(places(call));
    const batch = Math.min(MOST_AT_ONCE, batchSize(args, model));
    const runner = await onEngine(model, call);
    // beside the results, so that the same command goes on where it was interrupted
    const stateFile = artifacts.folder && path.join(artifacts.folder, "census.state.json");
    let resumed = 0;
    const found = await countPictures(
      runner,
      new PictureStore(),
      {
        ...{ files, stateFile, batch },
        keep: (soFar) => {
          if (soFar.resumed > resumed) say(`going on after ${soFar.resumed} pictures`);
          resumed = soFar.resumed;
        },
      },
      {
        signal,
        progress: ({ message }) => {
          say(message ?? "");
        },
      },
    );
    for (const { reason } of found.skipped) say(`skipped: ${reason}`);
    const layers = [];
    for (const layer of found.layers)
      layers.push({ ...describe(layer), nearDuplicates: await duplicatesOf(model, layer.name) });
    const { images, skipped, unreadable } = found;
    return {
      engine: runner.engine.info,
      document: {
        ...{ images, layers, unreadable, skipped, resumed: found.resumed },
        preprocessing: model.preprocessing,
      },
      text: text(found),
    };
  },
};

/** Pairs of filters whose kernels point the same or the opposite way; null where the layer has no kernel behind it. */
async function duplicatesOf(
  model: OpenModel,
  name: string,
): Promise<ReturnType<typeof nearDuplicates> | null> {
  const layer = kernelLayer(model.graph, model.layer(name));
  const weight = layer && kernelWeight(layer);
  if (!layer || !weight) return null;
  const stored = asFloats(await model.graph.weights.read(weight.ref));
  return nearDuplicates(arrangeKernel(layer, weight, stored));
}

function places({ args: { values, sources, positionals } }: Call): string[] {
  const named = sources.filter(({ kind }) => kind === "image").map((source) => source.text);
  return [
    ...(values.images === undefined ? [] : [values.images]),
    ...named,
    ...positionals.slice(2),
  ];
}

function describe({ name, filters }: LayerCensus): Record<string, unknown> {
  const where = (flag: "dead" | "saturated" | "constant"): number[] =>
    filters.flatMap((filter, k) => (filter[flag] ? k : []));
  return {
    ...{ name, filters: filters.length },
    ...{ dead: where("dead"), saturated: where("saturated"), constant: where("constant") },
    zeroFraction: filters.map(({ zeroFraction }) => zeroFraction),
    max: filters.map(({ max }) => max),
    min: filters.map(({ min }) => min),
    mean: filters.map(({ mean }) => mean),
    histogram: filters.map(({ histogram }) => histogram),
    top: filters.map(({ top }) => top),
  };
}

const LISTED = 12;

function text({ images, layers, unreadable }: Counted): string {
  const list = (numbers: readonly number[]): string =>
    numbers.length > LISTED
      ? `${numbers.slice(0, LISTED).join(" ")} ... (${numbers.length})`
      : numbers.join(" ");
  const rows = layers.map(({ name, filters }) => {
    const where = (flag: "dead" | "saturated" | "constant"): number[] =>
      filters.flatMap((filter, k) => (filter[flag] ? k : []));
    const zeros = filters.reduce((sum, filter) => sum + filter.zeroFraction, 0) / filters.length;
    return [
      name,
      String(filters.length),
      list(where("dead")),
      list(where("saturated")),
      list(where("constant")),
      percent(zeros),
    ];
  });
  const headings = ["layer", "filters", "dead", "saturated", "constant", "zeros"];
  const left = unreadable > 0 ? `, ${unreadable} could not be read` : "";
  return `${table(headings, rows)}\n\nover ${images} picture${images === 1 ? "" : "s"}${left}`;
}
