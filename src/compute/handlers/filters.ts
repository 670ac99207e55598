import { drawFilters, filterValues, readFilters } from "../../methods/filters/index.ts";
import type { StoredFilters } from "../../methods/filters/index.ts";
import type { OpenModels } from "../../session/index.ts";
import { timed, type Part } from "./timed.ts";

/** Kernels as tiles and as numbers, straight from the file. */
export function filterHandlers(models: OpenModels): Part<"filters" | "filterValues"> {
  // pages and values of one layer follow each other: the last kernel read is kept
  let last: { key: unknown; layer: string; filters: Promise<StoredFilters> } | null = null;
  const read = async (path: string, name: string): Promise<StoredFilters> => {
    const model = await models.model(path);
    if (last?.key === model && last.layer === name) return last.filters;
    const filters = readFilters(model.graph, model.layer(name));
    last = { key: model, layer: name, filters };
    filters.catch(() => (last = null));
    return filters;
  };
  return {
    filters: ({ model, ...request }) =>
      timed(async () => ({
        engine: "file",
        result: drawFilters(await read(model, request.layer), request),
      })),
    filterValues: async ({ model, layer, filter }) =>
      filterValues(await read(model, layer), layer, filter),
  };
}
