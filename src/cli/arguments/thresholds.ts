import type { Output } from "../../methods/outputs/index.ts";
import type { OpenModel } from "../../session/index.ts";
import { usageError } from "../../base/errors.ts";
import type { Thresholds } from "../../shared/contract/outputs.ts";
import type { Arguments } from "./parse.ts";

/**
 * Which of a detector's boxes are told, by --score and --iou. Throws a usage error for what is no number of 0 to 1, and for another
 * output than a detector's, where they would be ignored.
 */
export function thresholdsOf(
  { values }: Arguments,
  { outputs }: OpenModel,
  output: Output,
): Partial<Thresholds> {
  const share = (name: "score" | "iou"): Partial<Thresholds> => {
    const text = values[name];
    if (text === undefined) return {};
    const value = Number(text);
    if (value >= 0 && value <= 1) return { [name]: value };
    throw usageError(`--${name} ${text} is not a number of 0 to 1.`);
  };
  const found = { ...share("score"), ...share("iou") };
  const given = Object.keys(found);
  if (given.length === 0 || outputs.scored(output).kind === "detection") return found;
  throw usageError(
    `--${given.join(" and --")} ${given.length > 1 ? "choose" : "chooses"} among boxes, and the output '${output.spec.name}' is no detector's (${output.kind}): leave them out.`,
  );
}
