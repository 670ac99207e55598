/** Numbers, words and switches, as templates: they take their looks from the `controls` style sheet. */
import { html, type TemplateResult } from "lit";
import { ifDefined } from "lit/directives/if-defined.js";
import type { Choice } from "../state/choice.ts";
import { t } from "../text/l10n.ts";
import { sentenceAbout } from "../../components/help/sentences.ts";
import { helped } from "./helped.ts";

interface Range {
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

const typed = (event: Event): HTMLInputElement => event.target as HTMLInputElement;

/** A slider with its name before it; `set` is called while it is dragged, not only at the end. */
export const slider = (label: string, range: Range, choice: Choice<number>): TemplateResult =>
  helped(
    label,
    html`<label
      >${label}<input
        type="range"
        min=${range.min}
        max=${range.max}
        step=${range.step}
        .value=${String(choice.value)}
        @input=${(event: Event) => choice.set(typed(event).valueAsNumber)}
    /></label>`,
  );

/** How much of a map covers the picture below it, 0..1. */
export const opacitySlider = (choice: Choice<number>): TemplateResult =>
  slider(t("Opacity"), { min: 0, max: 1, step: 0.05 }, choice);

/** The size of tiles; null, until a person chooses, as large as lets all be seen: `usual` stands for it. */
export const sizeSlider = (
  range: Range,
  usual: number,
  { value, set }: Choice<number | null>,
): TemplateResult => slider(t("Size"), range, { value: value ?? usual, set });

/** A whole number of 0 or more; null: left empty, which means `usual`. */
export const numberField = (
  label: string,
  choice: Choice<number | null>,
  usual: string,
): TemplateResult => optionalNumber({ label, usual, step: 1 }, choice, Number.isInteger);

/** A number of 0 to 1; null: left empty, which means `usual`. */
export const shareField = (
  label: string,
  title: string,
  choice: Choice<number | null>,
  usual: string,
): TemplateResult =>
  optionalNumber({ label, title, usual, step: 0.05, max: 1 }, choice, (number) => number <= 1);

/** A number of 0 or more that `fits`, in the words and steps of the field; null: left empty, or none. */
function optionalNumber(
  {
    label,
    title,
    usual,
    step,
    max,
  }: {
    readonly label: string;
    readonly title?: string;
    readonly usual: string;
    readonly step: number;
    readonly max?: number;
  },
  { value, set }: Choice<number | null>,
  fits: (number: number) => boolean,
): TemplateResult {
  const control = html`<label title=${ifDefined(title)}
    >${label}
    <input
      type="number"
      class="few"
      aria-label=${label}
      min="0"
      max=${ifDefined(max)}
      step=${step}
      placeholder=${usual}
      .value=${value === null ? "" : String(value)}
      @change=${(event: Event) => {
        const number = typed(event).valueAsNumber;
        set(number >= 0 && fits(number) ? number : null);
      }}
  /></label>`;
  return helped(label, control, title ?? sentenceAbout(label));
}

/** The seed of what is random, 0 where it is left empty. */
export const seedField = ({ value, set }: Choice<number>): TemplateResult =>
  numberField(t("Seed"), { value, set: (seed) => set(seed ?? 0) }, "0");

/** A check box with its words behind it; `title` is the tooltip of both. */
export const checkbox = (
  text: string,
  { value, set }: Choice<boolean>,
  title?: string,
): TemplateResult =>
  helped(
    text,
    html`<label title=${ifDefined(title)}
      ><input
        type="checkbox"
        .checked=${value}
        @change=${(event: Event) => set(typed(event).checked)}
      />${text}</label
    >`,
    title ?? sentenceAbout(text),
  );

/** Words to look for. */
export const searchField = (
  label: string,
  { value, set }: Choice<string>,
  placeholder = label,
): TemplateResult =>
  html`<input
    type="search"
    placeholder=${placeholder}
    aria-label=${label}
    .value=${value}
    @input=${(event: Event) => set(typed(event).value)}
  />`;
