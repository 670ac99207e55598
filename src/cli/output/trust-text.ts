import type { TrustBadge } from "../../shared/contract/badge.ts";
import type { Checked } from "../cam/maps.ts";
import { short } from "./table.ts";

/** What the badges of a class' map say, a line each. */
export function trustLines(
  classIndex: number,
  badge: TrustBadge | null | undefined,
  sanity: Checked | null | undefined,
): string[] {
  const of = `class ${classIndex}: `;
  return [
    ...(badge
      ? [
          `${of}deletion ${short(badge.deletion)} (low is good), insertion ${short(badge.insertion)} (high is good), ${badge.settings}`,
          `  ${badge.meaning}`,
        ]
      : []),
    ...(sanity
      ? [
          `${of}randomisation check ${sanity.verdict}; rank correlation by layers shuffled from the last: ${sanity.stages.map((stage) => `${stage.layers}: ${stage.rankCorrelation.toFixed(2)}`).join(", ")}`,
          `  ${sanity.meaning}`,
        ]
      : []),
  ];
}

/** A badge for JSON: curves as lists. */
export const plain = ({ curves, ...badge }: TrustBadge): Record<string, unknown> => ({
  ...badge,
  curves: { deletion: [...curves.deletion], insertion: [...curves.insertion] },
});
