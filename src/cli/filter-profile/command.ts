import { axes } from "../../base/axes.ts";
import { censusLayers } from "../../methods/census/layers.ts";
import { kernelLayer } from "../../methods/census/index.ts";
import { readFilters } from "../../methods/filters/index.ts";
import { encodePng } from "../../pictures/index.ts";
import {
  asPictures,
  countPictures,
  influenceOf,
  patchThatFired,
  pictureFiles,
  PictureStore,
  twinOf,
  type OpenModel,
} from "../../session/index.ts";
import { usageError } from "../../base/errors.ts";
import { plainText } from "../../base/plain-text.ts";
import { withoutBatch } from "../model/batches.ts";
import type { Call, Command } from "../command.ts";
import { onEngine } from "../model/engine.ts";
import { filterNumbers } from "../filters/filter-numbers.ts";
import { drawKernels, pickFilters } from "../../session/filters/kernels.ts";
import { climb } from "../maximize/output.ts";
import { openRunnable, pickLayers } from "../model/open.ts";
import { wholeNumber } from "../arguments/values.ts";
import { short } from "../output/table.ts";

const SHOWN_PATCHES = 6;
const ONE = { fallback: 1, least: 1 };

/** All that is known of one filter: kernel, maximised input, where it fired, histogram, nearest twin, influence on the classes. */
export const command: Command = {
  needsModel: true,
  async run(file, call) {
    const { args, artifacts, signal } = call;
    const model = await openRunnable(file, call);
    const { layer, counted, filter } = chosen(model, call);
    const { values, sources } = args;
    const files = await pictureFiles([
      ...(values.images === undefined ? [] : [values.images]),
      ...sources.filter(({ kind }) => kind === "image").map(({ text }) => text),
    ]);
    const batch = values.batch === undefined ? {} : { batch: wholeNumber(args, "batch", ONE) };
    const runner = await onEngine(model, call);
    const store = new PictureStore();
    const only = { ...model.graph, layers: [model.layer(counted)] };
    const census = await countPictures(
      runner,
      store,
      { files, stateFile: null, graph: only, ...batch },
      { signal, progress: ({ message }) => call.say(message ?? "") },
    );
    const own = census.layers[0]?.filters[filter];
    if (!own) throw usageError(`Filter ${filter} is not one of layer '${counted}'.`);
    const kernel = kernelLayer(model.graph, model.layer(layer));
    if (kernel) {
      const stored = await readFilters(model.graph, kernel);
      await artifacts.array("kernel", pickFilters(stored, [filter]).kernel);
      await artifacts.picture("kernel", () => drawKernels(stored, [filter]));
    }
    const { order, scale, mean, std } = model.preprocessing;
    const recipe = {
      ...{ objective: { layer: counted, filters: [filter] }, method: "plain" as const },
      steps: wholeNumber(args, "steps", { fallback: 30, least: 1 }),
      seed: wholeNumber(args, "seed", { fallback: 0 }),
      scaling: { order, scale, mean, std },
    };
    const targets = [{ layer: counted, filter }];
    const made = await climb(runner, call, recipe, { targets, place: null, which: "" });
    await artifacts.array("maximized", withoutBatch(made.pictures));
    const [, height, width] = axes(made.pictures.shape, 4);
    await artifacts.picture("maximized", () =>
      encodePng(asPictures(made.pictures, recipe.scaling).rgb, width, height, 3),
    );
    const top = [];
    for (const { image, value } of own.top.slice(0, SHOWN_PATCHES)) {
      const patch = await patchThatFired(runner, store, image, counted, filter);
      const { x, y, rgba } = patch;
      top.push({ image, value, x, y, width: patch.width, height: patch.height });
      await artifacts.picture(`patch_${top.length}`, () =>
        encodePng(rgba, patch.width, patch.height, 4),
      );
    }
    const influence = await influenceOf(runner, store, files, counted, filter, call);
    const twin = await twinOf(model, counted, filter);
    const { max, min, mean: average, zeroFraction, dead, saturated, constant, histogram } = own;
    return {
      engine: runner.engine.info,
      document: {
        ...{ layer, counted, filter, images: census.images, skipped: census.skipped },
        ...{ max, min, mean: average, zeroFraction, dead, saturated, constant, histogram },
        maximized: { activation: made.found[0]?.activation, recipe },
        ...{ top, twin, influence },
      },
      text: [
        `filter ${filter} of ${counted}${dead ? ", dead" : ""}, over ${census.images} pictures`,
        `largest ${short(max)}, mean ${short(average)}, zeros ${short(100 * zeroFraction)} %`,
        `maximised (plain, ${recipe.steps} steps): ${short(made.found[0]?.activation ?? NaN)}`,
        `fires most for ${top.map(({ image, value }) => `${plainText(image)} (${short(value)})`).join(", ")}`,
        `nearest twin: ${twin ? `filter ${twin.filter} (cosine ${short(twin.cosine)})` : "none"}`,
        influence
          ? `speaks for ${classes(influence.up)}; against ${classes(influence.down)} (mean change of the logit by its map over ${influence.images} pictures)`
          : model.summary.classes
            ? "the class scores do not depend on it"
            : "there are no class scores that it could speak for",
      ].join("\n"),
    };
  },
};

const classes = (
  list: readonly { index: number; label: string | null; effect: number }[],
): string =>
  list.map(({ index, label, effect }) => `${label ?? index} (${short(effect)})`).join(", ") ||
  "no class";

/** The layer asked for, the activation that its maps run into, and the filter. */
function chosen(
  model: OpenModel,
  { args }: Call,
): { layer: string; counted: string; filter: number } {
  const { layer, filter } = args.values;
  if (layer === undefined || filter === undefined)
    throw usageError("Say which filter: --layer NAME --filter K.");
  const [own, ...others] = pickLayers(model, layer, { all: () => [], auto: () => [] });
  if (!own || others.length > 0) throw usageError("profile takes one layer: --layer NAME.");
  const possible = censusLayers(model.graph);
  let at = own;
  while (!possible.some((one) => one.layer === at)) {
    const readers = model.graph.layers.filter(({ inputs }) => inputs.includes(at.name));
    const [next] = readers;
    const passes = /^(Activation|ReLU|LeakyReLU|ELU|PReLU|BatchNormalization|Relu|Clip)/;
    if (!next || readers.length > 1 || !passes.test(next.className))
      throw usageError(
        `The maps of layer '${own.name}' run into no activation of their own, so none of its filters can be counted.`,
      );
    at = next;
  }
  const count = possible.find((one) => one.layer === at)?.filters ?? 0;
  const [number, ...more] = filterNumbers(filter, count, own.name);
  if (number === undefined || more.length > 0)
    throw usageError("profile tells of one filter: --filter K.");
  return { layer: own.name, counted: at.name, filter: number };
}
