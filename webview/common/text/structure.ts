import type { StructureUse } from "../../../src/graph/types.ts";
import { t } from "./l10n.ts";

/** Where the network of a file of weights comes from, what it is not told from, and what of it was assumed. */
export function structureText(structure: StructureUse): string {
  const { source, confidence, assumed, candidates } = structure;
  const told = { exact: t("exact"), high: t("high"), low: t("low") }[confidence];
  const words = t("The network is that of {0}; confidence: {1}.", source, told);
  const [, ...others] = candidates;
  const also = t("No weight tells it from {0}.", others.join(", "));
  return [words, ...(others.length > 0 ? [also] : []), assumed.join("; ")].join(" ");
}
