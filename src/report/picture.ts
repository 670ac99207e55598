import { asMaps, mapNode, overviewRow } from "../methods/activations/index.ts";
import { overviewLayers } from "../methods/activations/overview-layers.ts";
import { topClasses } from "../methods/predict/index.ts";
import { encodePng, overlay, tileGrid } from "../pictures/index.ts";
import {
  answered,
  Explained,
  feedPicture,
  meaningOf,
  type PictureStore,
  type Runner,
  viewOf,
} from "../session/index.ts";
import type { Fed } from "../session/index.ts";
import { EXPLAINS_ITSELF, nameOf } from "../shared/answers.ts";
import type { ClassScore, Picture } from "../shared/contract/lenses.ts";
import { CAM_METHODS } from "../shared/catalogue.ts";
import type { Control } from "../shared/control.ts";
import {
  classTarget,
  gradCam,
  usualCam,
  type CamQuestion,
  type ReportQuestion,
  type Targets,
} from "../shared/question.ts";
import { whereText } from "../shared/where.ts";
import { at } from "../base/at.ts";
import { ConvLensError } from "../base/errors.ts";
import { pictureInputs } from "../graph/index.ts";
import { rangeOf } from "../shared/tiles.ts";
import { answerSection } from "./answer.ts";
import { html, pngUri, type Html } from "./html.ts";

const CLASSES = 5;
const HEAT_MAPS = 3;
const LAYERS = 8;
const MAPS = 12;
/** Small pictures are enlarged to about this many pixels on the page. */
const SHOWN_SIDE = 224;

/** A picture's file, what it is called, and what is explained of it. */
interface Pictured {
  readonly name: string;
  readonly path: string;
  readonly question: ReportQuestion;
}

/** What the network makes of one picture: what its output says, heat maps, feature maps from early to deep. */
export async function pictureSection(
  runner: Runner,
  store: PictureStore,
  { name, path, question }: Pictured,
  context: Control,
): Promise<Html> {
  const { model } = runner;
  const fed = await feedPicture(model, store, path);
  const view = await viewOf(model, store, path);
  const { shown, told, targets } = await answerOf(runner, fed, view, question);
  const of = { ...gradCam(path, targets ?? []), output: question.output, where: question.where };
  return html`<h2>${name}</h2>
    <div class="row">${shown}${told}</div>
    ${targets ? await heatMaps(runner, fed, { store, context }, of) : ""}
    ${await featureMaps(runner, fed)}`;
}

/** What the output says, and which targets of it heat maps are of: those asked for, the likeliest, or what its kind has; null: none can be. */
async function answerOf(
  runner: Runner,
  fed: Fed,
  view: Picture,
  { output: name, where, targets, thresholds }: ReportQuestion,
): Promise<{ shown: Html; told: Html; targets: Targets | null }> {
  const plain = figure(view, null, "as the network sees it");
  const asked = targets ?? (where ? { top: HEAT_MAPS } : null);
  try {
    const { output, answer } = await answered(runner, fed, name, thresholds);
    const about = (told: Html): Html =>
      html`<div>
        <p>${output.spec.name}: ${output.kind}. <span class="soft">${output.why}</span></p>
        ${told}
      </div>`;
    if (answer.kind === "classes") {
      const classes = topClasses(await runner.classes(fed, output), CLASSES);
      const top = classes.slice(0, HEAT_MAPS).map(({ index }) => classTarget(index));
      return { shown: plain, told: about(classTable(classes)), targets: asked ?? top };
    }
    const { png, told } = answerSection(answer, view);
    const shown = png ? image(png, view, "what the network found") : plain;
    const own = EXPLAINS_ITSELF[answer.kind] ? { top: 1 } : null;
    return { shown, told: about(told), targets: asked ?? own };
  } catch (error) {
    if (!(error instanceof ConvLensError) || error.kind === "cancelled") throw error;
    return { shown: plain, told: html`<p class="soft">${error.message}</p>`, targets: asked };
  }
}

const percent = (value: number): string => `${(100 * value).toFixed(value > 0.999 ? 3 : 1)} %`;

function classTable(classes: readonly ClassScore[]): Html {
  const rows = classes.map(
    (score) =>
      html`<tr>
        <td>${nameOf(score)}</td>
        <td class="number">${score.logit.toFixed(3)}</td>
        ${
          score.probability === null
            ? html``
            : html`<td class="number">${percent(score.probability)}</td>
                <td>
                  <span class="bar" style="width: ${(8 * score.probability).toFixed(2)}rem"></span>
                </td>`
        }
      </tr>`,
  );
  return html`<table>
    <tr>
      <th>class</th>
      <th>logit</th>
      ${
        classes[0]?.probability === null
          ? ""
          : html`<th>probability</th>
              <th></th>`
      }
    </tr>
    ${rows}
  </table>`;
}

function figure(view: Picture, heat: Float32Array | null, caption: string): Html {
  const { width, height, rgba } = view;
  const png = heat
    ? encodePng(overlay(view, heat), width, height, 3)
    : encodePng(rgba, width, height, 4);
  return image(png, view, caption);
}

function image(png: Uint8Array, { width, height }: Picture, caption: string): Html {
  const zoom = Math.max(1, Math.round(SHOWN_SIDE / Math.max(width, height)));
  const photo = zoom === 1 ? "photo" : "";
  return html`<figure>
    <img
      class="${photo}"
      width="${width * zoom}"
      height="${height * zoom}"
      alt="${caption}"
      src="${pngUri(png)}"
    />
    <figcaption>${caption}</figcaption>
  </figure>`;
}

/** Grad-CAM of several classes over each picture that the network takes, all of one on the scale of the brightest. */
async function heatMaps(
  runner: Runner,
  fed: Fed,
  how: { store: PictureStore; context: Control },
  question: CamQuestion,
): Promise<Html> {
  const { model } = runner;
  const inputs = pictureInputs(model.graph).map(({ name }) => name);
  const output = model.outputs.find(question.output);
  const method = usualCam(output.kind);
  const several = inputs.length > 1;
  const sections: Html[] = [];
  for (const input of inputs) {
    const on = several ? input : null;
    if (model.camLayerOf({ output, on }))
      sections.push(await over(runner, fed, how, { ...question, method, on }));
    else if (several) sections.push(html`<p class="soft">No layer lies over '${input}'.</p>`);
  }
  return html`${sections}`;
}

async function over(
  runner: Runner,
  fed: Fed,
  { store, context }: { store: PictureStore; context: Control },
  question: CamQuestion,
): Promise<Html> {
  const answer = await new Explained(runner, fed).cam(question, { context });
  const { large, largest, layers, why, input, aim } = answer;
  const view = await viewOf(runner.model, store, question.image, input);
  const lies = question.on === null ? "" : `; over '${input}'`;
  const place = aim.where ? `${whereText(aim.where)}, ` : "";
  const meanings = answer.scores.map(({ index }) => meaningOf(aim, index));
  const shown = answer.scores.map((score, i) => {
    const map = at(large, i);
    const none = rangeOf(map).max <= 0;
    const heat = map.map((value) => (largest > 0 ? value / largest : 0));
    const meaning = at(meanings, i);
    const what = meaning === null ? `${place}${nameOf(score)}` : `${nameOf(score)}: ${meaning}`;
    return figure(view, heat, `${what}${none ? ": nothing at this layer speaks for it" : ""}`);
  });
  const of = meanings.every((meaning) => meaning === null) ? "logit" : "value";
  return html`<h3>
      ${CAM_METHODS[question.method].title} at ${layers.map(({ name }) => name).join(", ")}
    </h3>
    <p class="soft">
      ${why}; on the ${of}, all on one scale, whose largest value is
      ${String(Number(largest.toPrecision(6)))}${lies}
    </p>
    <div class="row">${shown}</div>`;
}

async function featureMaps(runner: Runner, fed: Fed): Promise<Html> {
  const { model } = runner;
  const names = thinned(overviewLayers(model.summary.layers), LAYERS);
  const layers = names.map((name) => model.layer(name));
  const values = await runner.values(
    fed,
    layers.map((layer) => mapNode(model.graph, layer, false)),
  );
  const rows = layers.map((layer, i) => {
    const value = values[i];
    if (!value) return html``;
    const known = model.summary.layers.find(({ name }) => name === layer.name);
    const { tiles, mapShape, dead } = overviewRow(
      layer,
      asMaps(value),
      MAPS,
      known?.rectified ?? false,
    );
    const caption = `${layer.name}: ${mapShape.join(" × ")}${dead > 0 ? `, ${dead} without activation on this picture` : ""}`;
    return html`<figure>
      <img
        alt="the feature maps of ${layer.name} that vary most"
        src="${pngUri(tileGrid(tiles, MAPS, "viridis"))}"
      />
      <figcaption>${caption}</figcaption>
    </figure>`;
  });
  return html`<h3>Feature maps, early to deep</h3>
    <p class="soft">
      the ${MAPS} of each layer that vary most over the picture, each on its own scale
    </p>
    ${rows}`;
}

/** `count` of them, evenly spread; first and last stay. */
function thinned(names: readonly string[], count: number): string[] {
  if (names.length <= count) return [...names];
  const step = (names.length - 1) / (count - 1);
  return Array.from({ length: count }, (_, i) => names[Math.round(i * step)] ?? "");
}
