/** What an output that is no row of class scores says of a picture. */
import { drawAnswer, encodePng } from "../pictures/index.ts";
import { nameOf, SUPPRESSIONS, toldBoxes } from "../shared/answers.ts";
import { colourText } from "../shared/class-colours.ts";
import type { Picture } from "../shared/contract/lenses.ts";
import type { Answer, Named, OutputKind } from "../shared/contract/outputs.ts";
import { html, type Html } from "./html.ts";

/** The picture with what is drawn on it as a PNG (null: nothing is), and what is said beside. */
export interface Section {
  readonly png: Uint8Array | null;
  readonly told: Html;
}
type Sections = {
  readonly [K in OutputKind]: (answer: Extract<Answer, { kind: K }>) => Html;
};

const short = (value: number): string => String(Number(value.toPrecision(4)));
const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;
const said = (text: string): Html => html`<p>${text}</p>`;
/** A class in its colour of the drawing. */
const named = (own: Named): Html =>
  html`<span class="bar" style="width: 1rem; background: ${colourText(own.index)}"></span>
    ${nameOf(own)}`;

function table(headings: readonly string[], rows: readonly (readonly (string | Html)[])[]): Html {
  return html`<table>
    <tr>
      ${headings.map((heading) => html`<th>${heading}</th>`)}
    </tr>
    ${rows.map(
      (row) =>
        html`<tr>
          ${row.map((cell) => html`<td>${cell}</td>`)}
        </tr>`,
    )}
  </table>`;
}

const MOST_ROWS = 20;

const SECTIONS: Sections = {
  classes: () => said(""),
  regression: ({ values }) => said(`value ${values.map(short).join(", ")}`),
  embedding: ({ size, norm, first }) =>
    said(`${size} numbers of length ${short(norm)}: ${first.map(short).join(", ")}, …`),
  segmentation: ({ areas }) =>
    table(
      ["class", "share"],
      areas.slice(0, MOST_ROWS).map((area) => [named(area), percent(area.share)]),
    ),
  detection: ({ thresholds, suppression, read, ...found }) => {
    const rows = toldBoxes(found)
      .slice(0, MOST_ROWS)
      .map(({ box, class: own, score }) => [String(box), named(own), percent(score)]);
    return html`${table(["box", "class", "score"], rows)}
      <p class="soft">
        ${found.boxes.length > 0 ? "" : "no box reaches the threshold; this is the surest. "}scores
        of at least ${thresholds.score}, ${SUPPRESSIONS[suppression](String(thresholds.iou))}.
        ${read}
      </p>`;
  },
  "heat-maps": ({ points }) =>
    table(
      ["point", "row", "column", "value"],
      points.map((point) => [
        ...[named(point), String(point.row), String(point.column), short(point.value)],
      ]),
    ),
  sequence: ({ symbols, text }) => said(text ?? symbols.map(nameOf).join(" ")),
  unknown: ({ min, max, mean }) =>
    said(`numbers from ${short(min)} to ${short(max)}, mean ${short(mean)}`),
};

/** What is told of an answer, by its kind, and drawn on the picture. */
export function answerSection(answer: Answer, view: Picture): Section {
  const told = SECTIONS[answer.kind] as (answer: Answer) => Html;
  const drawn = drawAnswer(answer, view);
  return {
    png: drawn && encodePng(drawn.rgb, view.width, view.height, 3),
    told: told(answer),
  };
}
