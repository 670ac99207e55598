/** The tool bar's choices of the Grad-CAM lens: method, layers, and a class to subtract. */
import { html, nothing, type TemplateResult } from "lit";
import { CAM_METHODS, type CamMethod } from "../../../src/shared/catalogue.ts";
import { camMethodOf } from "../../../src/shared/intent-questions.ts";
import type { CamAbout } from "../../../src/shared/method.ts";
import { button, dropdown, groupedDropdown, labelled } from "../../common/controls/index.ts";
import type { App, Choice } from "../../common/state/index.ts";
import { icon } from "../../common/styles/index.ts";
import { outputOf } from "../../components/answer/place.ts";
import { className, methodChoices, sentenceOf, t } from "../../common/text/index.ts";

const groups = methodChoices(CAM_METHODS);
const ofAttention = (method: CamMethod): boolean =>
  (CAM_METHODS[method] as CamAbout).ofAttention === true;

/** Those that the network has something for: what is made of attention needs some. The one that is chosen stays, and says why not. */
const groupsFor = ({ summary }: App, chosen: CamMethod | null): typeof groups =>
  groups.map(([name, methods]) => [
    name,
    methods.filter(([id]) => id === chosen || summary.attentionLayer !== null || !ofAttention(id)),
  ]);

/** The method that is chosen, or what the output has by itself. */
export const camMethod = ({ intent, summary }: App): CamMethod =>
  camMethodOf(intent, summary.outputs);
/** The same as a choice. */
export const camChoice = (app: App, { set }: Choice<CamMethod | null>): Choice<CamMethod> => ({
  value: camMethod(app),
  set,
});

/** The list of methods in their groups; its tooltip says what the chosen one does. */
export const methodChoice = (app: App, choice: Choice<CamMethod>): TemplateResult =>
  labelled(
    t("Method"),
    groupedDropdown(t("Method"), groupsFor(app, choice.value), choice),
    sentenceOf(CAM_METHODS[choice.value]),
  );

/** A second method below the first, or none. */
export const besideChoice = (app: App, choice: Choice<CamMethod | null>): TemplateResult =>
  labelled(
    t("Beside"),
    groupedDropdown(
      t("Beside"),
      [["", [[null, t("none")]]], ...groupsFor(app, choice.value)],
      choice,
    ),
  );

/** null: the layer that the method takes by itself. */
export function layerChoice(app: App, choice: Choice<string | null>): TemplateResult {
  const { summary } = app;
  const own = ofAttention(camMethod(app)) ? summary.attentionLayer : summary.camLayer;
  // of a detector's boxes it follows from the box
  const known = outputOf(app) === summary.outputs[0] && outputOf(app)?.kind !== "detection";
  const auto = own && known ? t("auto: {0}", own.name) : t("auto");
  const options = [[null, auto] as const, ...spatial(summary).map((name) => [name, name] as const)];
  return labelled(t("Layer"), dropdown(t("Layer"), options, choice));
}

/** Layers whose maps are merged with those of the chosen one. */
export function mergeChoice(
  { summary, intent }: App,
  { value: merged, set }: Choice<readonly string[]>,
): TemplateResult {
  const own = intent.camLayer ?? summary.camLayer?.name;
  const free = spatial(summary).filter((name) => name !== own && !merged.includes(name));
  const options = [
    [null, merged.length > 0 ? t("one more …") : t("none")] as const,
    ...free.map((name) => [name, name] as const),
  ];
  const add = dropdown<string | null>(t("Merge with"), options, {
    value: null,
    set: (name) => name !== null && set([...merged, name]),
  });
  return html`${labelled(
    t("Merge with"),
    add,
    t("The mean of several layers' maps, each divided by its largest value"),
  )}${merged.map((name) =>
    button(html`${name}${icon("close")}`, () => set(merged.filter((other) => other !== name)), {
      title: t("Leave {0} out", name),
    }),
  )}`;
}

/** A class whose map is subtracted from each: what speaks for the one rather than for the other. */
export function minusChoice(
  app: App,
  choice: Choice<number | null>,
): TemplateResult | typeof nothing {
  if (!CAM_METHODS[camMethod(app)].linear) return nothing;
  const classes = (app.prediction?.classes ?? []).map(
    (score) => [score.index, className(score)] as const,
  );
  return labelled(
    t("Minus"),
    dropdown(t("Minus"), [[null, t("none")], ...classes], choice),
    t("What speaks for a class rather than for this one"),
  );
}

/** Layers with maps, the deepest first. */
const spatial = ({ layers }: App["summary"]): string[] =>
  layers
    .filter((layer) => layer.spatial)
    .map(({ name }) => name)
    .reverse();
