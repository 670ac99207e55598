/** What a convolution does, in words. */
import type { DotProduct } from "../../../src/shared/contract/lenses.ts";
import { num, t } from "../../common/text/index.ts";

/** What is special about a kernel of this kind; null for the usual one. */
export function kindOf({ depthwise, shape: [height, width, channels] }: DotProduct): string | null {
  if (height === 1 && width === 1)
    return depthwise
      ? t("A 1 × 1 depthwise kernel scales one channel: it sees no neighbours and mixes nothing.")
      : t(
          "A 1 × 1 kernel sees no neighbours: it weighs the {0} channels of one place against each other.",
          channels,
        );
  return depthwise
    ? t(
        "A depthwise kernel looks at one channel only; channels are mixed by the 1 × 1 convolution that usually follows.",
      )
    : null;
}

/** The numbers that a step has of its own: `γ 0.9, β −1.2`. */
export const numbersOf = ({ numbers }: DotProduct["steps"][number]): string =>
  numbers.map(({ name, value }) => `${name} ${num(value)}`).join(", ");

/** How a step comes to its value, as a formula; null where its name says it. */
export const formulaOf = (name: string): string | null =>
  name === "batch norm" ? "γ · (x − μ) / √(σ² + ε) + β" : name === "bias" ? "x + b" : null;

/** What the angle between patch and kernel means. */
export function meaningOf(cosine: number): string {
  if (cosine > 0.5) return t("The patch looks much like the kernel: the filter fires.");
  if (cosine > 0.1) return t("The patch looks a little like the kernel.");
  if (cosine >= -0.1) return t("The patch has little to do with the kernel.");
  return t("The patch is the opposite of what the kernel looks for.");
}
