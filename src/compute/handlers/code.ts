import { at } from "../../base/at.ts";
import { linkScript } from "../../code/link.ts";
import { readScript } from "../../code/index.ts";
import { fitOf, recordedIn, type Recorded } from "../../code/recorded.ts";
import { modelStamp } from "../../formats/index.ts";
import { filterStatistics, kernelWeight, readFilters } from "../../methods/filters/index.ts";
import { OpenModel } from "../../session/index.ts";
import { drawKernels } from "../../session/filters/kernels.ts";
import { breathe } from "../../base/errors.ts";
import type { OpenModels } from "../../session/index.ts";
import type { Part } from "./timed.ts";

/** A hover is small: more filters would be specks. */
const MOST_ON_A_SHEET = 64;

/** Training scripts: what they define, which model they made, and a layer's kernels for a hover. */
export function codeHandlers(
  models: OpenModels,
): Part<"readScript" | "linkScript" | "recordedModel" | "kernelSheet"> {
  const records = new Map<string, { stamp: string; recorded: readonly Recorded[] }>();
  /** Models that nobody looks at are not kept open for this. */
  const recordOf = async (model: string): Promise<readonly Recorded[]> => {
    const stamp = modelStamp(model);
    const known = records.get(model);
    if (known?.stamp === stamp) return known.recorded;
    const open = await OpenModel.open(model).catch(() => null);
    const recorded = open ? recordedIn(open.summary.layers) : [];
    open?.close();
    records.set(model, { stamp, recorded });
    return recorded;
  };
  return {
    readScript: ({ code }) => readScript(code),
    linkScript: async ({ model, code, file }) => {
      const { summary } = await models.model(model);
      return linkScript(await readScript(code), summary.layers, file);
    },
    recordedModel: async ({ models, code, file }, { signal }) => {
      let [best, most]: [string | null, number] = [null, 0];
      for (const model of models) {
        const fit = fitOf(await recordOf(model), code, file);
        if (fit > most) [best, most] = [model, fit];
        await breathe(signal);
      }
      return best;
    },
    kernelSheet: async ({ model, layer: name, wide }) => {
      const open = await models.model(model);
      const layer = open.layer(name);
      if (!kernelWeight(layer)) return null;
      const stored = await readFilters(open.graph, layer);
      const filters = stored.kernel.shape[3];
      const shown = [...Array(Math.min(filters, MOST_ON_A_SHEET)).keys()];
      const norms = Float32Array.from(filterStatistics(stored.kernel).norms).sort();
      const quantile = (share: number): number => at(norms, Math.round(share * (norms.length - 1)));
      return {
        png: drawKernels(stored, shown, wide),
        drawn: shown.length,
        filters,
        norms: [quantile(0), quantile(0.5), quantile(1)],
      };
    },
  };
}
