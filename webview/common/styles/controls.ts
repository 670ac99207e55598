/** Small controls as templates: they take their looks from the `controls` style sheet. */
import { html, type TemplateResult } from "lit";
import { ref } from "lit/directives/ref.js";
import { COLORMAP_NAMES, gradientOf, type ColormapName } from "../drawing/colormaps.ts";
import { t } from "../text/l10n.ts";

/** A row of exclusive choices; arrow keys move between them. */
export function segments<T extends string>(
  label: string,
  options: readonly (readonly [value: T, text: string, title?: string])[],
  value: T,
  change: (value: T) => void,
): TemplateResult {
  const move = (event: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step === undefined || !(event.currentTarget instanceof HTMLElement)) return;
    event.preventDefault();
    const at = options.findIndex(([option]) => option === value);
    const to = (at + step + options.length) % options.length;
    event.currentTarget.querySelectorAll("button")[to]?.focus();
    const target = options[to];
    if (target) change(target[0]);
  };
  return html`<div class="segments" role="radiogroup" aria-label=${label} @keydown=${move}>
    ${options.map(
      ([option, text, title]) =>
        html`<button
          role="radio"
          aria-checked=${option === value ? "true" : "false"}
          tabindex=${option === value ? 0 : -1}
          title=${title ?? ""}
          @click=${() => change(option)}
        >
          ${text}
        </button>`,
    )}
  </div>`;
}

type Options<T> = readonly (readonly [value: T, text: string])[];

export const dropdown = <T extends string>(
  label: string,
  options: Options<T>,
  value: T,
  change: (value: T) => void,
): TemplateResult => groupedDropdown(label, [["", options]], value, change);

/** Options under headings; those under an empty heading stand alone. */
export function groupedDropdown<T extends string>(
  label: string,
  groups: readonly (readonly [heading: string, options: Options<T>])[],
  value: T,
  change: (value: T) => void,
): TemplateResult {
  const all = groups.flatMap(([, options]) => options);
  const changed = (event: Event): void => {
    if (!(event.target instanceof HTMLSelectElement)) return;
    const option = all[event.target.selectedIndex];
    if (option) change(option[0]);
  };
  // `selected` says it at first; once a person has chosen, only the element's value does
  const follow = (element: Element | undefined): void => {
    if (element instanceof HTMLSelectElement && element.options.length > 0) element.value = value;
  };
  const listed = (options: Options<T>): TemplateResult[] =>
    options.map(
      ([option, text]) =>
        html`<option .value=${option} ?selected=${option === value}>${text}</option>`,
    );
  return html`<select aria-label=${label} title=${label} ${ref(follow)} @change=${changed}>
    ${groups.map(([heading, options]) =>
      heading === ""
        ? listed(options)
        : html`<optgroup label=${heading}>${listed(options)}</optgroup>`,
    )}
  </select>`;
}

export function slider(
  label: string,
  range: { readonly min: number; readonly max: number; readonly step: number },
  value: number,
  change: (value: number) => void,
): TemplateResult {
  return html`<label
    >${label}<input
      type="range"
      min=${range.min}
      max=${range.max}
      step=${range.step}
      .value=${String(value)}
      @input=${(event: InputEvent) => {
        if (event.target instanceof HTMLInputElement) change(event.target.valueAsNumber);
      }}
  /></label>`;
}

export function numberField(
  label: string,
  value: number | null,
  usual: string,
  change: (value: number | null) => void,
): TemplateResult {
  return html`<label
    >${label}
    <input
      type="number"
      class="few"
      aria-label=${label}
      min="0"
      step="1"
      placeholder=${usual}
      .value=${value === null ? "" : String(value)}
      @change=${(event: Event) => {
        if (!(event.target instanceof HTMLInputElement)) return;
        const typed = event.target.valueAsNumber;
        change(Number.isInteger(typed) && typed >= 0 ? typed : null);
      }}
  /></label>`;
}

/** Of a repeatable computation: steps (empty: the usual number) and seed. */
export const seedAndSteps = (
  { steps, usual, seed }: { steps: number | null; usual: number; seed: number },
  change: (change: { steps: number | null } | { seed: number }) => void,
): TemplateResult =>
  html`${numberField(t("Steps"), steps, String(usual), (typed) => change({ steps: typed === 0 ? null : typed }))}
  ${numberField(t("Seed"), seed, "0", (typed) => change({ seed: typed ?? 0 }))}`;

export function toggle(
  text: string | TemplateResult,
  title: string,
  on: boolean,
  change: (on: boolean) => void,
): TemplateResult {
  return html`<button
    class="ghost"
    aria-pressed=${on ? "true" : "false"}
    aria-label=${title}
    title=${title}
    @click=${() => change(!on)}
  >
    ${text}
  </button>`;
}

export const colormapChoice = (
  value: ColormapName,
  change: (value: ColormapName) => void,
): TemplateResult =>
  dropdown(
    t("Colour map"),
    COLORMAP_NAMES.map((name) => [name, name === "gray" ? t("gray") : name] as const),
    value,
    change,
  );

/** The colours of a map with the values at both ends. */
export function legend(name: ColormapName, low: string, high: string): TemplateResult {
  return html`<span
    class="legend mono muted"
    role="img"
    aria-label=${t("Scale from {0} to {1}", low, high)}
    ><span>${low}</span
    ><span
      style=${`display:inline-block;width:88px;height:9px;margin:0 6px;border-radius:2px;background:${gradientOf(name)}`}
    ></span
    ><span>${high}</span></span
  >`;
}
