/** What the network says of the picture, in the inspector's head: a few chips, each of which shows where the evidence lies. */
import { html, nothing, type TemplateResult } from "lit";
import { toldBoxes } from "../../../src/shared/answers.ts";
import type { Intent } from "../../../src/shared/contract/intent.ts";
import type { Prediction } from "../../../src/shared/contract/lenses.ts";
import type { Answer, Named, OutputKind } from "../../../src/shared/contract/outputs.ts";
import { className, num, percent, t } from "../../common/text/index.ts";

type Change = (patch: Partial<Intent>) => void;
/** What is told of one thing, and which target a click on it chooses. */
interface Chip {
  readonly text: string;
  readonly value?: string | null;
  readonly target: string | null;
  readonly classes: readonly number[];
}
type Chips = { readonly [K in OutputKind]: (answer: Extract<Answer, { kind: K }>) => Chip[] };

const SHOWN = 3;
const nameOf = ({ index, label }: Named): string => label ?? t("class {0}", index);
const plain = (text: string): Chip[] => [{ text, target: null, classes: [] }];

const CHIPS: Chips = {
  classes: () => [],
  regression: ({ values }) =>
    values.slice(0, SHOWN).map((value, i) => ({
      ...{ text: t("value {0}", i), value: num(value), target: `unit:${i}`, classes: [] },
    })),
  embedding: ({ size, norm }) => plain(t("embedding: {0} numbers of length {1}", size, num(norm))),
  segmentation: ({ areas }) =>
    areas.slice(0, SHOWN).map((area) => ({
      ...{ text: nameOf(area), value: percent(area.share) },
      ...{ target: "predicted", classes: [area.index] },
    })),
  detection: (found) =>
    toldBoxes(found)
      .slice(0, SHOWN)
      .map(({ box, class: own, score }) => ({
        ...{ text: t("box {0}: {1}", box, nameOf(own)), value: percent(score) },
        ...{ target: `box:${box}`, classes: [own.index] },
      })),
  "heat-maps": ({ points }) =>
    points.slice(0, SHOWN).map((point) => ({
      ...{ text: nameOf(point), value: num(point.value) },
      ...{ target: `pixel:${point.row},${point.column}`, classes: [point.index] },
    })),
  sequence: ({ text, symbols }) =>
    plain(t("sequence: {0}", text ?? symbols.map(({ index }) => index).join(" "))),
  unknown: ({ min, max }) => plain(t("numbers from {0} to {1}", num(min), num(max))),
};

/** The most likely classes, or what the output has in their place. */
export function answerChips({ classes, answer }: Prediction, change: Change): TemplateResult {
  const chips =
    answer.kind === "classes"
      ? classes.slice(0, SHOWN).map((score): Chip => ({
          ...{ text: className(score), target: null, classes: [score.index] },
          value: score.probability === null ? null : percent(score.probability),
        }))
      : (CHIPS[answer.kind] as (answer: Answer) => Chip[])(answer);
  const title = answer.kind === "classes" ? t("Grad-CAM of this class") : t("Grad-CAM of this");
  return html`<div class="top">
    ${chips.map(({ text, value, target, classes: own }) =>
      target === null && own.length === 0
        ? html`<span class="muted">${text}</span>`
        : html`<button
            class="chip"
            title=${title}
            @click=${() => change({ lens: "cam", target, classes: own })}
          >
            ${text} ${value === undefined || value === null ? nothing : html`<b>${value}</b>`}
          </button>`,
    )}
  </div>`;
}
