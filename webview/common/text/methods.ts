/** The catalogue's words in the person's language, as menus show them. */
import { groupsOf } from "../../../src/shared/catalogue.ts";
import { translation } from "../../../src/shared/l10n.ts";
import type { About, AttributeAbout, CamAbout, WholeNumber } from "../../../src/shared/method.ts";
import { t } from "./l10n.ts";

/** Methods that are chosen from a menu. */
type Chosen = CamAbout | AttributeAbout;

const GROUPS: Readonly<Record<Chosen["group"], string>> = {
  gradients: t("Gradients"),
  maps: t("No class"),
  runs: t("A run for each map"),
  path: t("Path"),
  relevance: t("Relevance"),
  masks: t("Masks"),
  guided: t("Guided (see the warning)"),
};

/** A method's name in menus. */
export const titleOf = ({ title }: About): string => translation(title);
/** What a method does and is for: the tooltip of its choice. */
export const sentenceOf = ({ sentence }: About): string => translation(sentence);
/** What a number of a method counts. */
export const labelOf = ({ label }: WholeNumber): string => translation(label);

/** A table's methods by group, as `groupedDropdown` takes them. */
export const methodChoices = <I extends string, A extends Chosen & { readonly id: I }>(
  table: Readonly<Record<I, A>>,
): (readonly [group: string, methods: readonly (readonly [id: I, title: string])[]])[] =>
  groupsOf<I, A>(table).map(([group, methods]) => [
    GROUPS[group],
    methods.map((about) => [about.id, titleOf(about)] as const),
  ]);
