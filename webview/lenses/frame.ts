/** The frame of a lens as templates: they take their looks from `lensLayout`. */
import { html, nothing, type TemplateResult } from "lit";
import { ifDefined } from "lit/directives/if-defined.js";
import "../components/toolbar/toolbar.ts";

/** A lens' choices, and at the end of the row what can be done with what it shows. */
export const toolbar = (label: string, choices: unknown, end: unknown = nothing): TemplateResult =>
  html`<convlens-toolbar role="toolbar" aria-label=${label}>
    ${choices} ${end === nothing ? nothing : html`<span class="end">${end}</span>`}
  </convlens-toolbar>`;

/** What is drawn, and beside it what is known of the part that is chosen; `focusable` where the keyboard finds nothing else in it. */
export const split = (
  main: unknown,
  label: string,
  beside: unknown,
  focusable = false,
): TemplateResult =>
  html`<div class="split">
    <div class="main">${main}</div>
    <aside tabindex=${ifDefined(focusable ? 0 : undefined)} aria-label=${label}>${beside}</aside>
  </div>`;

/** What may be longer than its place; by the keyboard too. */
export const scroller = (label: string, stale: boolean, content: unknown): TemplateResult =>
  html`<div
    class=${stale ? "scroll stale" : "scroll"}
    tabindex="0"
    role="group"
    aria-label=${label}
  >
    ${content}
  </div>`;
