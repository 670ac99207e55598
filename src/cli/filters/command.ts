import { at } from "../../base/at.ts";
import {
  filterStatistics,
  nearZero,
  readFilters,
  type StoredFilters,
} from "../../methods/filters/index.ts";
import type { OpenModel } from "../../session/open/model.ts";
import { inputError } from "../../base/errors.ts";
import type { Call, Command } from "../command.ts";
import { filterNumbers } from "./filter-numbers.ts";
import { drawKernels, pickFilters } from "../../session/filters/kernels.ts";
import { openModel, pickLayers } from "../model/open.ts";
import { shapeText, short, table } from "../output/table.ts";

/** Kernels and biases as they are stored, with each filter's L2 norm, mean and share of zeros. */
export const command: Command = {
  needsModel: true,
  async run(file, call) {
    const model = await openModel(file, call);
    const layers = chosenLayers(model, call);
    const found: { layer: string; stored: StoredFilters; filters: readonly number[] | null }[] = [];
    for (const layer of layers) {
      const stored = await readFilters(model.graph, layer);
      const filters = chosenFilters(call.args.values.filter, stored, layer.name);
      found.push({ layer: layer.name, stored, filters });
    }
    for (const { layer, stored, filters } of found) {
      const prefix = found.length > 1 ? `${layer}.` : "";
      const kept = filters
        ? pickFilters(stored, filters)
        : { kernel: stored.stored, bias: stored.bias };
      await call.artifacts.array(`${prefix}kernel`, kept.kernel);
      if (kept.bias) await call.artifacts.array(`${prefix}bias`, kept.bias);
      await call.artifacts.picture(`${prefix}filters`, () =>
        drawKernels(stored, filters ?? everyFilter(stored)),
      );
    }
    model.close();
    const described = found.map(({ layer, stored, filters }) => describe(layer, stored, filters));
    const [first] = described;
    if (!first) throw inputError(`${model.summary.name} has no convolution.`);
    return {
      engine: null,
      document: described.length === 1 ? first : { layers: described },
      text: described.map(text).join("\n\n"),
    };
  },
};

function chosenLayers(model: OpenModel, call: Call): ReturnType<typeof pickLayers> {
  const { layers, firstKernel, name } = model.summary;
  const all = (): string[] =>
    layers.filter(({ hasKernel }) => hasKernel).map((layer) => layer.name);
  const auto = (): string[] => {
    if (firstKernel === null) throw inputError(`${name} has no convolution, so no filters.`);
    return [firstKernel];
  };
  return pickLayers(model, call.args.values.layer, { all, auto });
}

function chosenFilters(
  text: string | undefined,
  { kernel }: StoredFilters,
  layer: string,
): number[] | null {
  if (text === undefined) return null;
  return filterNumbers(text, kernel.shape[3], layer);
}

const everyFilter = ({ kernel }: StoredFilters): number[] => [...Array(kernel.shape[3]).keys()];

interface Described extends Record<string, unknown> {
  readonly layer: string;
  readonly shape: readonly number[];
  readonly filters: readonly {
    readonly filter: number;
    readonly norm: number;
    readonly mean: number;
    readonly sparsity: number;
    /** Nothing beside the other filters of the layer. */
    readonly nearZero: boolean;
  }[];
}

function describe(
  layer: string,
  stored: StoredFilters,
  wanted: readonly number[] | null,
): Described {
  const { norms, means, sparsity } = filterStatistics(stored.kernel);
  const nothing = new Set(nearZero(norms));
  const filters = (wanted ?? everyFilter(stored)).map((filter) => ({
    filter,
    norm: at(norms, filter),
    mean: at(means, filter),
    sparsity: at(sparsity, filter),
    nearZero: nothing.has(filter),
    ...(stored.bias && { bias: at(stored.bias.data, filter) }),
  }));
  return { layer, shape: stored.stored.shape, filters };
}

function text({ layer, shape, filters }: Described): string {
  const rows = filters.map(({ filter, norm, mean, sparsity, nearZero: isNothing }) => [
    String(filter),
    short(norm),
    short(mean),
    short(sparsity),
    isNothing ? "~ 0" : "",
  ]);
  return `${layer}: kernel ${shapeText(shape)}\n${table(["filter", "norm", "mean", "zeros", ""], rows)}`;
}
