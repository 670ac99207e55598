import {
  census,
  type Census,
  type CensusBatch,
  type LayerCensus,
} from "../../methods/census/index.ts";
import { readPicture, toInput } from "../../pictures/index.ts";
import { pictureInput, pictureSize, type OpenModel } from "../../session/index.ts";
import { ConvLensError } from "../../shared/errors.ts";
import { sizeOf } from "../../shared/tensor.ts";
import { batchSize } from "../batch-size.ts";
import type { Call, Command } from "../command.ts";
import { onEngine } from "../engine.ts";
import { openRunnable } from "../open.ts";
import { pictureFiles } from "../picture-files.ts";
import { percent, table } from "../table.ts";

/** Pictures are decoded one after another: a larger batch only costs memory. */
const MOST_AT_ONCE = 32;

interface Skipped {
  readonly image: string;
  readonly reason: string;
}

export const command: Command = {
  needsModel: true,
  takesFiles: true,
  async run(file, call) {
    const { args, say, signal } = call;
    const model = await openRunnable(file, call);
    const files = await pictureFiles(places(call));
    const size = Math.min(MOST_AT_ONCE, batchSize(args, model));
    const runner = await onEngine(model, call);
    const skipped: Skipped[] = [];
    const result = await census(runner.subject, batches(model, files, size, skipped), {
      signal,
      progress: ({ message }) => {
        say(`${message ?? ""} of ${files.length}`);
      },
    });
    for (const { reason } of skipped) say(`skipped: ${reason}`);
    return {
      engine: runner.engine.info,
      document: {
        images: result.images,
        layers: result.layers.map(describe),
        skipped,
        preprocessing: model.preprocessing,
      },
      text: text(result, skipped),
    };
  },
};

function places({ args: { values, sources, positionals } }: Call): string[] {
  const named = sources.filter(({ kind }) => kind === "image").map((source) => source.text);
  return [
    ...(values.images === undefined ? [] : [values.images]),
    ...named,
    ...positionals.slice(2),
  ];
}

/** Reads as it goes, so that memory does not grow with the number of pictures; what cannot be read is noted and left out. */
async function* batches(
  model: OpenModel,
  files: readonly string[],
  most: number,
  skipped: Skipped[],
): AsyncGenerator<CensusBatch> {
  const size = pictureSize(pictureInput(model.graph));
  const each = sizeOf(size);
  let names: string[] = [];
  let data = new Float32Array(most * each);
  for (const [i, image] of files.entries()) {
    try {
      const input = toInput(await readPicture(image), model.preprocessing, size);
      data.set(input.data, names.length * each);
      names.push(image);
    } catch (error) {
      if (!(error instanceof ConvLensError) || error.kind !== "input") throw error;
      skipped.push({ image, reason: error.message });
    }
    if (names.length === 0 || (names.length < most && i < files.length - 1)) continue;
    const shape = [names.length, ...size];
    const filled = data.subarray(0, names.length * each);
    yield { names, inputs: [{ dtype: "float32", shape, data: filled }] };
    names = [];
    data = new Float32Array(most * each);
  }
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

function text({ images, layers }: Census, skipped: readonly Skipped[]): string {
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
  const left = skipped.length > 0 ? `, ${skipped.length} could not be read` : "";
  return `${table(headings, rows)}\n\nover ${images} picture${images === 1 ? "" : "s"}${left}`;
}
