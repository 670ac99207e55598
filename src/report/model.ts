import { readFilters } from "../methods/filters/index.ts";
import type { OpenModel } from "../session/index.ts";
import { drawKernels } from "../session/filters/kernels.ts";
import type { LayerSummary, ModelSummary } from "../shared/contract/model.ts";
import type { Shape } from "../base/tensor.ts";
import { html, pngUri, type Html } from "./html.ts";

const MOST_FILTERS = 256;

const shapeText = (shape: Shape | null): string =>
  shape === null ? "" : shape.map((axis) => axis ?? "N").join(" × ");
const grouped = (count: number): string => count.toLocaleString("en-US");

/** Every layer, with what follows from the file alone. */
export function layersSection({ layers, notes, totals, notRunnable }: ModelSummary): Html {
  return html`<h2>Layers</h2>
    <p>
      ${grouped(totals.params)} parameters, ${grouped(totals.macs)} multiply-adds for one picture.
    </p>
    ${[...(notRunnable === null ? [] : [notRunnable]), ...notes].map((note) => html`<p class="soft">${note}</p>`)}
    <details>
      <summary>${layers.length} layers</summary>
      <table>
        <tr>
          <th>layer</th>
          <th>class</th>
          <th>output</th>
          <th>parameters</th>
          <th>multiply-adds</th>
          <th>receptive field</th>
        </tr>
        ${layers.map(row)}
      </table>
    </details>`;
}

const row = (layer: LayerSummary): Html =>
  html`<tr>
    <td>${layer.name}</td>
    <td>${layer.className}</td>
    <td>${shapeText(layer.outputShape)}</td>
    <td class="number">${grouped(layer.params)}</td>
    <td class="number">${grouped(layer.macs)}</td>
    <td>${layer.receptiveField?.size.join(" × ") ?? ""}</td>
  </tr> `;

/** The first convolution's kernels. */
export async function filtersSection(model: OpenModel): Promise<Html> {
  const name = model.summary.firstKernel;
  if (name === null) return html``;
  const stored = await readFilters(model.graph, model.layer(name));
  const count = stored.kernel.shape[3];
  const shown = [...Array(Math.min(count, MOST_FILTERS)).keys()];
  const of =
    shown.length < count ? `the first ${shown.length} of ${count} filters` : `${count} filters`;
  return html`<h2>Filters of ${name}</h2>
    <figure>
      <img alt="${of} of ${name}" src="${pngUri(drawKernels(stored, shown))}" />
      <figcaption>${of}, each on its own scale</figcaption>
    </figure>`;
}
