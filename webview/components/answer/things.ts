/** What an output says of a picture, one by one: each of them is a target that can be chosen. */
import { nothing, html, type TemplateResult } from "lit";
import { toldBoxes } from "../../../src/shared/answers.ts";
import type { Intent } from "../../../src/shared/contract/intent.ts";
import type { Prediction } from "../../../src/shared/contract/lenses.ts";
import type { Answer, Named, OutputKind } from "../../../src/shared/contract/outputs.ts";
import { className, num, percent, t } from "../../common/text/index.ts";

/** What is told of one thing, and which target a click on it chooses. */
export interface Thing {
  readonly text: string;
  readonly value: string | null;
  /** null with no classes: it cannot be asked about. */
  readonly target: string | null;
  readonly classes: readonly number[];
  /** The class in whose colour it is drawn on the picture; null: it is not. */
  readonly colour: number | null;
}
type Things = { readonly [K in OutputKind]: (answer: Extract<Answer, { kind: K }>) => Thing[] };

const nameOf = ({ index, label }: Named): string => label ?? t("class {0}", index);
const plain = (text: string): Thing[] => [
  { text, value: null, target: null, classes: [], colour: null },
];

const THINGS: Things = {
  classes: () => [],
  regression: ({ values }) =>
    values.map((value, i) => ({
      ...{ text: t("value {0}", i), value: num(value), target: `unit:${i}`, classes: [] },
      colour: null,
    })),
  embedding: ({ size, norm, first }) => [
    ...plain(t("embedding: {0} numbers of length {1}", size, num(norm))),
    ...first.map((value, i) => ({
      ...{ text: t("number {0}", i), value: num(value), target: `unit:${i}`, classes: [] },
      colour: null,
    })),
  ],
  segmentation: ({ areas }) =>
    areas.map((area) => ({
      ...{ text: nameOf(area), value: percent(area.share), colour: area.index },
      ...{ target: "predicted", classes: [area.index] },
    })),
  detection: (found) =>
    toldBoxes(found).map(({ box, class: own, score, rect }) => ({
      ...{ text: t("box {0}: {1}", box, nameOf(own)), value: percent(score) },
      ...{ target: `box:${box}`, classes: [own.index], colour: rect && own.index },
    })),
  "heat-maps": ({ points }) =>
    points.map((point) => ({
      ...{ text: nameOf(point), value: num(point.value), colour: point.index },
      ...{ target: `pixel:${point.row},${point.column}`, classes: [point.index] },
    })),
  sequence: ({ text, symbols, steps, blank }) => {
    const all = steps.map((step, i) => ({ ...step, i }));
    // of many steps those that say something
    const told = all.length > MOST_STEPS ? all.filter(({ index }) => index !== blank) : all;
    return [
      ...plain(t("sequence: {0}", text ?? symbols.map(({ index }) => index).join(" "))),
      ...told.map((step) => ({
        ...{ text: t("step {0}: {1}", step.i, nameOf(step)), value: num(step.score) },
        ...{ target: `token:${step.i}`, classes: [step.index], colour: null },
      })),
    ];
  },
  unknown: ({ min, max }) => plain(t("numbers from {0} to {1}", num(min), num(max))),
};

const MOST_STEPS = 40;

/** All that an answer tells, in its order. */
export const thingsOf = (answer: Answer): Thing[] =>
  (THINGS[answer.kind] as (answer: Answer) => Thing[])(answer);

const SHOWN = 3;

/** For a head: the most likely classes, or the first of what the output has in their place; each shows where its evidence lies. */
export function answerChips(
  { classes, answer }: Prediction,
  change: (patch: Partial<Intent>) => void,
): TemplateResult {
  const chips =
    answer.kind === "classes"
      ? classes.map((score): Thing => ({
          ...{ text: className(score), target: null, classes: [score.index], colour: null },
          value: score.probability === null ? null : percent(score.probability),
        }))
      : thingsOf(answer);
  const title = answer.kind === "classes" ? t("Grad-CAM of this class") : t("Grad-CAM of this");
  return html`<div class="top">
    ${chips
      .slice(0, SHOWN)
      .map(({ text, value, target, classes: own }) =>
        target === null && own.length === 0
          ? html`<span class="muted">${text}</span>`
          : html`<button
              class="chip"
              title=${title}
              @click=${() => change({ lens: "cam", target, classes: own })}
            >
              ${text} ${value === null ? nothing : html`<b>${value}</b>`}
            </button>`,
      )}
  </div>`;
}
