import { overlay } from "../pictures/index.ts";
import { Explained, feedPicture, pickClasses, viewOf } from "../session/index.ts";
import { CAM_METHODS } from "../shared/catalogue.ts";
import { classTarget, gradCam, usualCam } from "../shared/question.ts";
import { whereText } from "../shared/where.ts";
import { at } from "../base/at.ts";
import { textOf } from "./arguments.ts";
import { askedOf, TARGET } from "./asked.ts";
import { legible } from "./legible.ts";
import { className, scoreText } from "./predict.ts";
import { IMAGE, MODEL, schemaOf } from "./schema.ts";
import type { Tool } from "./types.ts";

/** Cells at or above this fraction of the largest value are the hot region. */
const HOT = 0.5;

/** Grad-CAM of one class: where the heat map is hot, in words, and the overlay as a PNG. */
export const heatMap: Tool = {
  name: "convlens_grad_cam",
  title: "Grad-CAM heat map",
  description:
    "Tells where in a picture the evidence for a class lies (Grad-CAM on the logit, at the last convolutional layer unless another is named; of a detector's box LayerCAM over what the box comes from): the hot region as a box in percent of the picture, how concentrated it is, and an overlay. 'No positive evidence' is a result.",
  schema: schemaOf(
    { ...MODEL, ...IMAGE },
    {
      class: { type: "string", description: "A class number or label; the top class if left out." },
      layer: { type: "string", description: "A layer's name; chosen automatically if left out." },
      ...TARGET,
    },
  ),
  async run(desk, args, signal) {
    const runner = await desk.runner(textOf(args, "model"));
    const { model } = runner;
    const image = textOf(args, "image");
    const fed = await feedPicture(model, desk.pictures, image);
    const explained = new Explained(runner, fed);
    const { output, where: asked, wanted } = askedOf(args);
    const aim = await explained.aim({ output, where: asked, named: wanted !== null });
    const { classes, ranked, where } = aim;
    const score = at(pickClasses(wanted ?? "top", classes, ranked), 0);
    const layer = textOf(args, "layer");
    const question = {
      ...gradCam(image, [classTarget(score.index)], layer || "auto"),
      ...{ output, where, method: usualCam(aim.output.kind, layer !== "") },
    };
    const context = { signal, progress: () => undefined };
    const answer = await explained.cam(question, { context });
    const { layers, why, maps, large, largest } = answer;
    const [height, width] = answer.size;
    const { title } = CAM_METHODS[question.method];
    const cells = at(maps, 0).raw.shape.join(" x ");
    const place = where
      ? ` of ${whereText(where)} in the output '${answer.aim.output.spec.name}'`
      : "";
    const head = [
      scoreText(score) + place,
      `${title} at ${layers.map(({ name }) => name).join(", ")} (${cells}; ${why})`,
    ];
    if (!(largest > 0)) {
      const none = `No positive evidence: nothing at this layer speaks for ${className(score)}.`;
      return { text: [...head, none].join("\n"), png: null };
    }
    const heat = at(large, 0).map((value) => value / largest);
    const view = await viewOf(model, desk.pictures, image, answer.input);
    return {
      text: [...head, regionText(heat, width, height)].join("\n"),
      png: legible(overlay(view, heat), width, height),
    };
  },
};

/** The hot cells' bounding box and share of the picture, and the place of the maximum, in percent from the top left. */
export function regionText(heat: Float32Array, width: number, height: number): string {
  let [left, right, top, bottom, count, peak] = [width, -1, height, -1, 0, 0];
  for (let i = 0; i < heat.length; i++) {
    const value = at(heat, i);
    if (value > at(heat, peak)) peak = i;
    if (value < HOT) continue;
    const [x, y] = [i % width, Math.floor(i / width)];
    [left, right] = [Math.min(left, x), Math.max(right, x)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
    count++;
  }
  const percent = (value: number, of: number): string => `${Math.round((100 * value) / of)} %`;
  const share = percent(count, width * height);
  return [
    `hot region (at least half of the maximum): x ${percent(left, width)} to ${percent(right + 1, width)}, y ${percent(top, height)} to ${percent(bottom + 1, height)}, from the top left of the picture as the network sees it`,
    `it covers ${share} of the picture; the maximum is at x ${percent(peak % width, width)}, y ${percent(Math.floor(peak / width), height)}`,
  ].join("\n");
}
