import { linkScript } from "../../code/link.ts";
import { readScript } from "../../code/index.ts";
import { filterStatistics, kernelWeight, readFilters } from "../../methods/filters/index.ts";
import { drawKernels } from "../../session/kernels.ts";
import type { State } from "../state.ts";
import type { Part } from "./timed.ts";

/** A hover is small: more filters would be specks. */
const MOST_ON_A_SHEET = 64;

export function codeHandlers(state: State): Part<"readScript" | "linkScript" | "kernelSheet"> {
  return {
    readScript: ({ code }) => readScript(code),
    linkScript: async ({ model, code, file }) => {
      const { summary } = await state.model(model);
      return linkScript(await readScript(code), summary.layers, file);
    },
    kernelSheet: async ({ model, layer: name }) => {
      const open = await state.model(model);
      const layer = open.layer(name);
      if (!kernelWeight(layer)) return null;
      const stored = await readFilters(open.graph, layer);
      const filters = stored.kernel.shape[3];
      const shown = [...Array(Math.min(filters, MOST_ON_A_SHEET)).keys()];
      const norms = Float32Array.from(filterStatistics(stored.kernel).norms).sort();
      const at = (place: number): number => norms[Math.round(place * (norms.length - 1))] ?? 0;
      return {
        png: drawKernels(stored, shown),
        drawn: shown.length,
        filters,
        norms: [at(0), at(0.5), at(1)],
      };
    },
  };
}
