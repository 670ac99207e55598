/** Which output is asked about, and where in it: chosen by a menu, or written. */
import { html, nothing, type TemplateResult } from "lit";
import type { OutputSummary } from "../../src/shared/contract/outputs.ts";
import { EXPLAINS_ITSELF } from "../../src/shared/answers.ts";
import { placeOf } from "../../src/shared/intent-questions.ts";
import type { OfOutput } from "../../src/shared/question.ts";
import type { Intent } from "../../src/shared/contract/intent.ts";
import { asksMore } from "../../src/shared/changed-intent.ts";
import { whereOf, whereText, type Where } from "../../src/shared/where.ts";
import { dropdown, labelled, shareField, toggle } from "../common/controls/index.ts";
import type { App, Choice } from "../common/state/index.ts";
import { icon } from "../common/styles/index.ts";
import { baseName, t } from "../common/text/index.ts";
import { outputOf } from "../components/answer/place.ts";

/** A menu of outputs where there are several, and a field for the place where an output has places. */
export function targetChoices(app: App, choose: Choose): TemplateResult {
  const { outputs } = app.summary;
  const own = outputOf(app);
  const menu = outputs.map(
    ({ name, kind }, i) => [i === 0 ? null : name, `${name} (${kind})`] as const,
  );
  return html`${outputs.length > 1 ? labelled(t("Output"), dropdown(t("Output"), menu, choose("output"))) : nothing}
  ${own && own.wheres.length > 0 ? placeField(own, choose("target")) : nothing}
  ${own?.wheres.includes("like") ? likeChoice(app, choose("target")) : nothing}
  ${thresholdFields(app, choose)}`;
}

/** Where something is asked of this picture alone: whether the next is asked the same. */
export const pinChoice = (
  { intent }: App,
  choice: Choice<boolean>,
): TemplateResult | typeof nothing =>
  asksMore(intent) || choice.value
    ? toggle(
        icon("pin"),
        t("Ask the next pictures the same: classes, target, merged layers, minus"),
        choice,
      )
    : nothing;

/** The picture whose embedding this one's is compared with: another of the strip. */
function likeChoice(
  { intent: { images, image } }: App,
  { value, set }: Choice<string | null>,
): TemplateResult {
  const where = value === null ? null : whereOf(value);
  const file = where?.kind === "like" ? where.file : null;
  const others = [...new Set([...images, ...(file === null ? [] : [file])])].filter(
    (other) => other !== image || other === file,
  );
  const menu = [
    [null, t("no picture")] as const,
    ...others.map((other) => [other, baseName(other)] as const),
  ];
  const choice = {
    value: file,
    set: (other: string | null) =>
      set(other === null ? null : whereText({ kind: "like", file: other })),
  };
  return labelled(
    t("Like"),
    dropdown(t("Like"), menu, choice),
    t("The picture of the strip whose embedding this one's is compared with"),
  );
}

/** Parts of the intent as choices: a lens' `choice`. */
type Choose = <K extends keyof Intent>(key: K) => Choice<Intent[K]>;

/** Which of a detector's boxes are told. */
function thresholdFields({ prediction }: App, choose: Choose): TemplateResult | typeof nothing {
  if (prediction?.answer.kind !== "detection") return nothing;
  const { score, iou } = prediction.answer.thresholds;
  return html`${shareField(t("Score"), t("Boxes with a lower score are left out"), choose("boxScore"), String(score))}
  ${shareField(
    t("IoU"),
    t("Boxes that share more than this of their union with a surer one are left out"),
    choose("boxIou"),
    String(iou),
  )}`;
}

/** `pixel:10,12`: as `--target` takes it. */
function placeField(
  { wheres }: OutputSummary,
  { value, set }: Choice<string | null>,
): TemplateResult {
  const [first] = wheres;
  const title = t("What is explained: {0}", wheres.map((kind) => FORMS[kind]).join(", "));
  return html`<label title=${title}
    >${t("Target")}
    <input
      type="text"
      aria-label=${t("Target")}
      placeholder=${first ? FORMS[first] : ""}
      .value=${value ?? ""}
      @change=${(event: Event) => {
        const field = event.currentTarget as HTMLInputElement;
        const where = whereOf(field.value);
        field.setCustomValidity(field.value === "" || where ? "" : title);
        field.reportValidity();
        if (field.value === "") set(null);
        else if (where) set(whereText(where));
      }}
  /></label>`;
}

const FORMS: Readonly<Record<Where["kind"], string>> = {
  box: "box:0",
  pixel: "pixel:0,0",
  region: "region:mask.png",
  polygon: "polygon:0,0,0,9,9,9",
  predicted: "predicted",
  unit: "unit:0",
  token: "token:0",
  mean: "mean",
  like: "like:picture.png",
};

/** Whether what is asked about is one number, which has no class beside it: it can only be raised or lowered. */
export function asksNumber(app: App): boolean {
  const { where } = placeOf(app.intent);
  if (where?.kind === "box") return where.unit !== undefined;
  if (where) return where.kind === "unit" || where.kind === "like";
  return outputOf(app)?.kind === "regression";
}

/** What asks a person to choose what is explained; null: something is, or the kind has it by itself. */
export function askFirst(app: App): TemplateResult | null {
  const own = outputOf(app);
  if (!own || EXPLAINS_ITSELF[own.kind] || placeOf(app.intent).where) return null;
  return html`<p class="note" role="status">
    ${t("Say what is explained: choose it under “What the network says”, or type a target such as {0}.", own.wheres[0] ? FORMS[own.wheres[0]] : "mean")}
  </p>`;
}

/** The place that is asked about, where it has to be said: the first value of a regression is one of its own. */
export function placeIn(app: App): OfOutput {
  const place = placeOf(app.intent);
  const isValue = place.where === null && outputOf(app)?.kind === "regression";
  return isValue ? { ...place, where: { kind: "unit", unit: 0 } } : place;
}

/** How many classes, or numbers, can be chosen from there, and their names where they are known. */
export function classesIn(app: App): { count: number; labels: readonly string[] | null } {
  const own = outputOf(app);
  const count = own?.classes ?? own?.numbers ?? 0;
  const { labels } = app.summary;
  return { count, labels: labels?.length === count ? labels : null };
}
