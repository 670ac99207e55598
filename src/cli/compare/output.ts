/** Arrays and pictures of a comparison: A, B and B - A. */
import { beside, overlay, squareColumns, tileGrid } from "../../pictures/index.ts";
import {
  bothCams,
  bothKernels,
  compareFilters,
  compareMaps,
  subtracted,
  type BothCams,
} from "../../session/compare/comparing.ts";
import type { BothAims, Side } from "../../session/compare/both-aims.ts";
import { pickClasses, isArray, PictureStore, viewOf, type OpenModel } from "../../session/index.ts";
import { CAM_METHODS } from "../../shared/catalogue.ts";
import { composite } from "../../shared/composite.ts";
import { colormap } from "../../shared/colormaps.ts";
import type { Picture } from "../../shared/contract/lenses.ts";
import type { Both, ComparedTiles } from "../../shared/contract/compare.ts";
import { floats, type FloatTensor } from "../../base/tensor.ts";
import { classTarget, gradCam, usualCam } from "../../shared/question.ts";
import { toByte } from "../../shared/tiles.ts";
import { stack } from "../model/batches.ts";
import type { TargetText } from "../arguments/target.ts";
import type { Call } from "../command.ts";
import { controlOf } from "../model/control.ts";
import { methodOf } from "../arguments/methods.ts";

type Drawn = Omit<ComparedTiles, "engine" | "seconds" | "layers">;
const ALL = { difference: "same", sort: "index", first: 0, count: 256 } as const;
const WHITE = [255, 255, 255] as const;

/** `kernel_a`, `kernel_b`, `kernel_difference` and filters.png: each filter of A, of B, and the difference. */
export async function keepFilters(
  a: OpenModel,
  b: OpenModel,
  layer: string,
  { artifacts }: Call,
): Promise<Record<string, unknown>> {
  const { layers, values } = await bothKernels(a, b, layer);
  await keepArrays(artifacts, "kernel", values);
  const colour = values.every(({ shape }) => shape[2] === 3);
  const request = { ...ALL, layer, channel: colour ? ("colour" as const) : 0 };
  const tiles = await compareFilters(a, b, request);
  await artifacts.picture("filters", () => sheet(tiles, tiles.signed));
  return { layers: layers.map(({ name }) => name), ...told(tiles) };
}

/** `maps_a`, `maps_b`, `maps_difference` and maps.png. */
export async function keepMaps(
  a: Side,
  b: Side,
  layer: string,
  { artifacts }: Call,
): Promise<Record<string, unknown>> {
  const { values, tiles } = await compareMaps(a, b, { ...ALL, layer });
  await keepArrays(artifacts, "maps", values);
  await artifacts.picture("maps", () => sheet(tiles, tiles.signed));
  return { layers: tiles.layers, ...told(tiles) };
}

const told = ({ shapes, relative, largest, change, note }: Drawn): Record<string, unknown> => ({
  ...{ shapes, relative, largest, ...(note !== null && { note }) },
  ...(change && { change: [...change] }),
});

async function keepArrays(
  artifacts: Call["artifacts"],
  name: string,
  [a, b]: Both<FloatTensor>,
): Promise<void> {
  await artifacts.array(`${name}_a`, a);
  await artifacts.array(`${name}_b`, b);
  if (a.shape.join() === b.shape.join())
    await artifacts.array(`${name}_difference`, floats(a.shape, subtracted(a.data, b.data)));
}

function sheet(tiles: Drawn, signed: boolean): Uint8Array {
  const values = colormap(signed ? "diverging" : "viridis");
  const drawn = composite(tiles, 0, { values, difference: colormap("diverging"), gap: WHITE });
  return tileGrid(drawn, squareColumns(Math.ceil(drawn.count / 3)), "gray");
}

/** Pictures of both sides, the layer (null: the automatic one), and what is named. */
interface Asked {
  readonly pictures: Both<string>;
  readonly layer: string | null;
  readonly target: TargetText;
}

/** `raw_a`, `heatmap_a` and so on, and a picture of each class: A, B, and the difference. */
export async function keepCams(
  { aims: [aim] }: BothAims,
  a: Side,
  b: Side,
  { pictures, layer, target }: Asked,
  call: Call,
): Promise<BothCams | null> {
  const { artifacts } = call;
  if (layer === null && !a.runner.model.camLayerOf(aim)) return null;
  const { id: method } = methodOf(call, CAM_METHODS, usualCam(aim.output.kind, layer !== null));
  const { classes, ranked, where, output } = aim;
  const targets =
    target.classes === "top"
      ? { top: 1 }
      : pickClasses(target.classes, classes, ranked).map(({ index }) => classTarget(index));
  const of = { output: output.spec.name, where };
  const question = { ...gradCam(pictures[0], targets, layer ?? "auto"), method, ...of };
  const asked = { question, difference: "same" } as const;
  const cams = await bothCams(a, b, asked, controlOf(call, method));
  for (const [side, name] of [
    [0, "a"],
    [1, "b"],
  ] as const) {
    const raw = cams.pairs.flatMap(({ raw: maps }) => maps[side] ?? []);
    if (raw.length === cams.pairs.length) await artifacts.array(`raw_${name}`, stack(raw));
    const heat = cams.pairs.map(({ large }) => floats(cams.overs[side].size, large[side]));
    await artifacts.array(`heatmap_${name}`, stack(heat));
  }
  const differences = cams.pairs.flatMap(({ difference }) =>
    difference ? [floats(cams.overs[0].size, difference)] : [],
  );
  if (differences.length === cams.pairs.length)
    await artifacts.array("heatmap_difference", stack(differences));
  const views = await viewsOf(a, b, pictures);
  for (const { scores, large, difference } of cams.pairs) {
    const name = scores[0]?.index ?? scores[1]?.index ?? 0;
    if (views)
      await artifacts.picture(`cam_${name}`, () => drawCam(cams, views, large, difference));
  }
  return cams;
}

async function viewsOf(a: Side, b: Side, pictures: Both<string>): Promise<Both<Picture> | null> {
  if (pictures.some(isArray)) return null;
  const store = new PictureStore();
  const view = ({ runner: { model } }: Side, file: string): Promise<Picture> =>
    viewOf(model, store, file);
  return [await view(a, pictures[0]), await view(b, pictures[1])];
}

function drawCam(
  { scaleMax, magnitude, overs }: BothCams,
  views: Both<Picture>,
  large: Both<Float32Array>,
  difference: Float32Array | null,
): Uint8Array {
  const over = (view: Picture, heat: Float32Array) => ({
    ...{ width: view.width, height: view.height },
    rgb: overlay(
      view,
      heat.map((value) => (scaleMax > 0 ? value / scaleMax : 0)),
    ),
  });
  const [height, width] = overs[0].size;
  const lut = colormap("diverging");
  const scale = { kind: "signed", magnitude } as const;
  const rgb = new Uint8Array(3 * height * width);
  difference?.forEach((value, i) => {
    const at = 3 * toByte(value, scale);
    rgb.set(lut.subarray(at, at + 3), 3 * i);
  });
  return beside([
    over(views[0], large[0]),
    over(views[1], large[1]),
    ...(difference ? [{ width, height, rgb }] : []),
  ]);
}
