import { html, type TemplateResult } from "lit";
import { icon } from "./icons.ts";

/** The button at the end of a tool bar that saves what a lens shows. */
export const saveButton = (
  kind: "PNG" | "JSON",
  what: string,
  enabled: boolean,
  save: () => Promise<void> | void,
): TemplateResult =>
  html`<button
    class="ghost"
    title=${`Save ${what} as ${kind}`}
    aria-label=${`Save ${what} as ${kind}`}
    ?disabled=${!enabled}
    @click=${save}
  >
    ${icon("save")}${kind}
  </button>`;

/** A part of a file's name: layers may be called what files must not be. */
export const fileName = (...parts: readonly string[]): string =>
  parts.map((part) => part.replaceAll(/[^\w.-]+/g, "_")).join(".");
