import { html, type TemplateResult } from "lit";
import { icon } from "./icons.ts";
import { t } from "./l10n.ts";

/** The button at the end of a tool bar that saves what a lens shows. */
export const saveButton = (
  kind: "PNG" | "JSON",
  what: string,
  enabled: boolean,
  save: () => Promise<void> | void,
): TemplateResult =>
  html`<button
    class="ghost"
    title=${t("Save {0} as {1}", what, kind)}
    aria-label=${t("Save {0} as {1}", what, kind)}
    ?disabled=${!enabled}
    @click=${save}
  >
    ${icon("save")}${kind}
  </button>`;

/** A part of a file's name: layers may be called what files must not be. */
export const fileName = (...parts: readonly string[]): string =>
  parts.map((part) => part.replaceAll(/[^\w.-]+/g, "_")).join(".");
