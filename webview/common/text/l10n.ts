/** The panel's translations: the host writes them into the page, so that they are there before the first sentence. */
import { speak, translation, type Bundle } from "../../../src/shared/l10n.ts";

export { decimal, heard, plural, t } from "../../../src/shared/l10n.ts";

interface Page {
  readonly documentElement: { readonly lang: string };
  getElementById(id: string): { readonly textContent: string | null } | null;
}

/** Unit tests have none. */
const page = (globalThis as { readonly document?: Page }).document;
const data = page?.getElementById("l10n")?.textContent;

/** For numbers and dates; as the host says, not the browser. */
export const language = page?.documentElement.lang || "en";
speak(data ? (JSON.parse(data) as Bundle) : null, language);

/** Like `t`, for a template in which some of the values are templates themselves. */
export function phrase(key: string, ...values: readonly unknown[]): unknown[] {
  return translation(key)
    .split(/\{(\d)\}/)
    .map((part, at) => (at % 2 === 0 ? part : values[Number(part)]));
}
