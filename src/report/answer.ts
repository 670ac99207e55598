/** What an output that is no row of class scores says of a picture. */
import { drawFrames, drawMask, encodePng } from "../pictures/index.ts";
import { nameOf, toldBoxes } from "../shared/answers.ts";
import { colourText } from "../shared/class-colours.ts";
import type { Picture } from "../shared/contract/lenses.ts";
import type { Answer, OutputKind } from "../shared/contract/outputs.ts";
import { html, type Html } from "./html.ts";

/** The picture with what is drawn on it as a PNG (null: nothing is), and what is said beside. */
export interface Section {
  readonly png: Uint8Array | null;
  readonly told: Html;
}
type Sections = {
  readonly [K in OutputKind]: (answer: Extract<Answer, { kind: K }>, view: Picture) => Section;
};

const short = (value: number): string => String(Number(value.toPrecision(4)));
const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;
const said = (text: string): Section => ({ png: null, told: html`<p>${text}</p>` });

function table(headings: readonly string[], rows: readonly (readonly string[])[]): Html {
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
  segmentation: ({ areas, map, grid }, view) => ({
    png: encodePng(drawMask(view, map, grid), view.width, view.height, 3),
    told: html`<table>
      <tr>
        <th></th>
        <th>class</th>
        <th>share</th>
      </tr>
      ${areas.slice(0, MOST_ROWS).map(
        (area) =>
          html`<tr>
            <td>
              <span class="bar" style="width: 1rem; background: ${colourText(area.index)}"></span>
            </td>
            <td>${nameOf(area)}</td>
            <td class="number">${percent(area.share)}</td>
          </tr>`,
      )}
    </table>`,
  }),
  detection: ({ thresholds, read, ...found }, view) => {
    const { boxes } = found;
    const shown = toldBoxes(found);
    const frames = shown.flatMap(({ rect, class: own }) =>
      rect ? [{ ...rect, class: own.index }] : [],
    );
    const rows = shown
      .slice(0, MOST_ROWS)
      .map(({ box, class: own, score }) => [String(box), nameOf(own), percent(score)]);
    return {
      png: encodePng(drawFrames(view, frames), view.width, view.height, 3),
      told: html`${table(["box", "class", "score"], rows)}
        <p class="soft">
          ${boxes.length > 0 ? "" : "no box reaches the threshold; this is the surest. "}scores of
          at least ${thresholds.score}, non-maximum suppression at an IoU of ${thresholds.iou}.
          ${read}
        </p>`,
    };
  },
  "heat-maps": ({ points }) => ({
    png: null,
    told: table(
      ["point", "row", "column", "value"],
      points.map((point) => [
        ...[nameOf(point), String(point.row), String(point.column), short(point.value)],
      ]),
    ),
  }),
  sequence: ({ symbols, text }) => said(text ?? symbols.map(nameOf).join(" ")),
  unknown: ({ min, max, mean }) =>
    said(`numbers from ${short(min)} to ${short(max)}, mean ${short(mean)}`),
};

/** What is told of an answer, by its kind. */
export function answerSection(answer: Answer, view: Picture): Section {
  const section = SECTIONS[answer.kind] as (answer: Answer, view: Picture) => Section;
  return section(answer, view);
}
