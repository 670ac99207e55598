/** Buttons as templates: they take their looks from the `controls` style sheet. */
import { html, type TemplateResult } from "lit";
import { ifDefined } from "lit/directives/if-defined.js";
import type { Choice } from "../state/choice.ts";

interface Look {
  readonly kind?: "primary" | "ghost" | "link";
  readonly title?: string;
  readonly disabled?: boolean;
}

/** A button with words, plain unless `kind` says otherwise; `title` is its tooltip. */
export const button = (
  content: unknown,
  run: () => unknown,
  { kind, title, disabled = false }: Look = {},
): TemplateResult =>
  html`<button
    class=${ifDefined(kind)}
    title=${ifDefined(title)}
    ?disabled=${disabled}
    @click=${() => run()}
  >
    ${content}
  </button>`;

/** A picture in place of words, which stand in its title. */
export const iconButton = (
  content: TemplateResult,
  title: string,
  run: () => unknown,
  disabled = false,
): TemplateResult =>
  html`<button
    class="ghost"
    aria-label=${title}
    title=${title}
    ?disabled=${disabled}
    @click=${() => run()}
  >
    ${content}
  </button>`;

/** A switch that stays pressed. */
export const toggle = (
  content: TemplateResult,
  title: string,
  { value, set }: Choice<boolean>,
): TemplateResult =>
  html`<button
    class="ghost"
    aria-pressed=${value ? "true" : "false"}
    aria-label=${title}
    title=${title}
    @click=${() => set(!value)}
  >
    ${content}
  </button>`;

/** Asks for a file of the kinds that `accept` names; the same one may be chosen again. */
export const fileButton = (
  content: unknown,
  accept: string,
  take: (file: File) => unknown,
  look: Look = {},
): TemplateResult => {
  const chosen = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    const file = input.files?.[0];
    if (file) take(file);
    input.value = "";
  };
  return html`<span style="display: contents"
    ><button
      class=${ifDefined(look.kind)}
      title=${ifDefined(look.title)}
      @click=${(event: MouseEvent) => {
        const input = (event.currentTarget as HTMLElement).nextElementSibling;
        if (input instanceof HTMLInputElement) input.click();
      }}
    >
      ${content}</button
    ><input type="file" accept=${accept} hidden @change=${chosen}
  /></span>`;
};
