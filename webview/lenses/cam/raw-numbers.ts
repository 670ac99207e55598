import { html, type TemplateResult } from "lit";
import { at } from "../../../src/base/at.ts";
import { num, t } from "../../common/text/index.ts";

/** A map's own cells as a table; `here` is the one that is pointed at. */
export function rawNumbers(
  raw: Float32Array,
  [rows, columns]: readonly [number, number],
  here: { readonly y: number; readonly x: number } | null,
): TemplateResult {
  const counts = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
  return html`<div class="numbers" tabindex="0" role="group" aria-label=${t("Raw numbers")}>
    <table>
      <tr>
        <td></td>
        ${counts(columns).map((x) => html`<th scope="col">${x}</th>`)}
      </tr>
      ${counts(rows).map(
        (y) =>
          html`<tr>
            <th scope="row">${y}</th>
            ${counts(columns).map(
              (x) =>
                html`<td class=${here?.y === y && here.x === x ? "here" : ""}>
                  ${num(at(raw, y * columns + x), 3)}
                </td>`,
            )}
          </tr>`,
      )}
    </table>
  </div>`;
}
