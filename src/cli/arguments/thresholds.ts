import { usageError } from "../../base/errors.ts";
import type { Thresholds } from "../../shared/contract/outputs.ts";
import type { Arguments } from "./options.ts";

/** Which of a detector's boxes are told, by --score and --iou. Throws a usage error for what is no number of 0 to 1. */
export function thresholdsOf({ values }: Arguments): Partial<Thresholds> {
  const share = (name: "score" | "iou"): Partial<Thresholds> => {
    const text = values[name];
    if (text === undefined) return {};
    const value = Number(text);
    if (value >= 0 && value <= 1) return { [name]: value };
    throw usageError(`--${name} ${text} is not a number of 0 to 1.`);
  };
  return { ...share("score"), ...share("iou") };
}
