import type { OrderVerdict, TrustBadge } from "../../../src/shared/contract/badge.ts";
import { num, t } from "../../common/text/index.ts";

const WORDS: Readonly<Record<OrderVerdict, string>> = {
  found: t("better than a random order and a blob in the middle"),
  "as-centre": t("no better than a blob in the middle"),
  "as-random": t("no better than a random order of the pixels"),
  "wrong-way": t("bad, what is marked matters less than the rest"),
};

/** What deletion and insertion say of a map, in a line. */
export const orderWords = ({ verdict, deletion, insertion }: TrustBadge): string =>
  t("{0} (deletion {1}, insertion {2})", WORDS[verdict], num(deletion, 3), num(insertion, 3));
