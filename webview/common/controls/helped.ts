import { html, type TemplateResult } from "lit";
import { sentenceAbout } from "../../components/help/sentences.ts";
import "../../components/help/help.ts";

/** A control with a question mark behind it that says what it does: `sentence`, or what is said of controls of its name. */
export function helped(
  name: string,
  control: TemplateResult,
  sentence: string | null = sentenceAbout(name),
): TemplateResult {
  if (sentence === null) return control;
  return html`<span class="helped"
    >${control}<convlens-help .of=${name} .text=${sentence}></convlens-help
  ></span>`;
}
