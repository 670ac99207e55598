/** One of several, as templates: they take their looks from the `controls` style sheet. */
import { html, type TemplateResult } from "lit";
import { ifDefined } from "lit/directives/if-defined.js";
import { ref } from "lit/directives/ref.js";
import { at } from "../../../src/base/at.ts";
import { COLORMAP_NAMES, type ColormapName } from "../drawing/colormaps.ts";
import type { Choice } from "../state/choice.ts";
import { sentenceAbout } from "../../components/help/sentences.ts";
import { t } from "../text/l10n.ts";
import { helped } from "./helped.ts";

/** A row of exclusive choices; arrow keys move between them. */
export function segments<T extends string>(
  label: string,
  options: readonly (readonly [value: T, text: string, title?: string])[],
  { value, set }: Choice<T>,
): TemplateResult {
  const move = (event: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step === undefined || !(event.currentTarget instanceof HTMLElement)) return;
    event.preventDefault();
    const from = options.findIndex(([option]) => option === value);
    const to = (from + step + options.length) % options.length;
    event.currentTarget.querySelectorAll("button")[to]?.focus();
    set(at(options, to)[0]);
  };
  const group = html`<div class="segments" role="radiogroup" aria-label=${label} @keydown=${move}>
    ${options.map(
      ([option, text, title]) =>
        html`<button
          role="radio"
          aria-checked=${option === value ? "true" : "false"}
          tabindex=${option === value ? 0 : -1}
          title=${title ?? ""}
          @click=${() => set(option)}
        >
          ${text}
        </button>`,
    )}
  </div>`;
  return helped(label, group);
}

type Options<T> = readonly (readonly [value: T, text: string])[];

/** A drop-down list; a value that is no option leaves it blank. */
export const dropdown = <T extends string | number | null>(
  label: string,
  options: Options<T>,
  choice: Choice<T>,
): TemplateResult => groupedDropdown(label, [["", options]], choice);

/** Options under headings; those under an empty heading stand alone. */
export function groupedDropdown<T extends string | number | null>(
  label: string,
  groups: readonly (readonly [heading: string, options: Options<T>])[],
  { value, set }: Choice<T>,
): TemplateResult {
  const all = groups.flatMap(([, options]) => options);
  const changed = (event: Event): void => {
    if (event.target instanceof HTMLSelectElement) set(at(all, event.target.selectedIndex)[0]);
  };
  // `selected` says it at first; once a person has chosen, only the element itself does
  const follow = (element: Element | undefined): void => {
    if (element instanceof HTMLSelectElement && element.options.length > 0)
      element.selectedIndex = all.findIndex(([option]) => option === value);
  };
  const listed = (options: Options<T>): TemplateResult[] =>
    options.map(([option, text]) => html`<option ?selected=${option === value}>${text}</option>`);
  return html`<select aria-label=${label} title=${label} ${ref(follow)} @change=${changed}>
    ${groups.map(([heading, options]) =>
      heading === ""
        ? listed(options)
        : html`<optgroup label=${heading}>${listed(options)}</optgroup>`,
    )}
  </select>`;
}

/** A control with its name before it. */
export const labelled = (text: string, control: TemplateResult, title?: string): TemplateResult =>
  helped(
    text,
    html`<label title=${ifDefined(title)}>${text} ${control}</label>`,
    title ?? sentenceAbout(text),
  );

/** The list of all colour maps, under their own names. */
export const colormapChoice = (choice: Choice<ColormapName>): TemplateResult =>
  helped(
    t("Colour map"),
    dropdown(
      t("Colour map"),
      COLORMAP_NAMES.map((name) => [name, name === "gray" ? t("gray") : name] as const),
      choice,
    ),
  );
