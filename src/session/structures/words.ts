import type { StructureUse } from "../../graph/index.ts";

/** One line for people: where the network comes from, how sure that is, what was assumed, and what else it may be. */
export const structureText = ({ source, confidence, assumed, candidates }: StructureUse): string =>
  [
    `network: ${source}; confidence ${confidence}`,
    ...(candidates.length > 0
      ? [
          `${candidates.slice(1).join(", ")} would fit as well: --structure names one, --check-with asks pictures`,
        ]
      : []),
    ...assumed,
  ].join("; ");
