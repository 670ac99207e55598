import type { StructureUse } from "../../graph/index.ts";

/** One line for people: where the network comes from, how sure that is, and what was assumed. */
export const structureText = ({ source, confidence, assumed }: StructureUse): string =>
  `network: ${source}; confidence ${confidence}${assumed.length > 0 ? `; ${assumed.join("; ")}` : ""}`;
