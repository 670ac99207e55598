/** A maximised picture in words. */
import { className, num, reachedText, t } from "../../common/text/index.ts";
import type { Item } from "./run.ts";

type Labels = readonly string[] | null;

/** The name of what is maximised. */
export function titleOf({ target, number }: Item, labels: Labels): string {
  if (number) return number.name;
  if ("expression" in target) return target.expression;
  if ("layer" in target) {
    return target.cell
      ? t("Filter {0}, cell {1}", target.filter, target.cell.join(", "))
      : t("Filter {0}", target.filter);
  }
  const index = target.classIndex;
  return className({ index, label: labels?.[index] ?? null });
}

/** With how far it got. */
export function describeItem(item: Item, labels: Labels): string {
  const { state, probability, reached, history } = item;
  const value = reached ?? history.at(-1);
  const got =
    probability === null ? (value === undefined ? "" : num(value, 3)) : reachedText(probability);
  return `${titleOf(item, labels)}: ${state === "waiting" ? t("waiting") : got}`;
}

/** Below its tile. */
export function captionOf(item: Item, labels: Labels): string {
  const { target } = item;
  if ("layer" in target) return String(target.filter);
  return "expression" in target ? target.expression : describeItem(item, labels);
}
