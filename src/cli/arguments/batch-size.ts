import { usualBatch, type OpenModel } from "../../session/index.ts";
import type { Arguments } from "./parse.ts";
import { wholeNumber } from "./values.ts";

/** How many pictures a method runs at a time: --batch, or the usual number. Throws a ConvLensError for a model that takes more or other than one picture. */
export function batchSize(args: Arguments, { graph }: OpenModel): number {
  return wholeNumber(args, "batch", { fallback: usualBatch(graph), least: 1 });
}
