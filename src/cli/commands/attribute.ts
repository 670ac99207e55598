import { mapNode } from "../../methods/activations/index.ts";
import {
  attributionMethods,
  warnings,
  type AttributionMethod,
  type AttributionRequest,
} from "../../methods/attribute/index.ts";
import type { OpenModel } from "../../session/index.ts";
import { attributed, type Attributed } from "../attributed.ts";
import { drawAttribution, isSigned } from "../attribution-picture.ts";
import { batchSize } from "../batch-size.ts";
import { stack } from "../batches.ts";
import { camLayer } from "../cam-layer.ts";
import { differentiated } from "../cam-maps.ts";
import type { Call, Command } from "../command.ts";
import { onEngine } from "../engine.ts";
import { readInputs, slice, type Given } from "../inputs.ts";
import { pickMethod } from "../methods.ts";
import { openRunnable } from "../open.ts";
import { oneOf, wholeNumber } from "../options.ts";
import { short } from "../table.ts";
import { classTable } from "./predict.ts";

const METHODS = Object.keys(attributionMethods) as [AttributionMethod, ...AttributionMethod[]];

export const command: Command = {
  needsModel: true,
  async run(file, call) {
    const { args } = call;
    const method = pickMethod(args, METHODS);
    const score = oneOf(args, "score", ["logit", "probability"]);
    const model = await openRunnable(file, call);
    const request = {
      ...{ scores: differentiated(model.scores, score), batch: batchSize(args, model) },
      camLayer: guide(model, method, args.values.layer),
      steps: args.values.steps === undefined ? null : wholeNumber(args, "steps", AT_LEAST_ONE),
      seed: wholeNumber(args, "seed", { fallback: 0 }),
    };
    const given = await readInputs(model, args.sources);
    const runner = await onEngine(model, call);
    const pictures: Attributed[][] = [];
    for (let i = 0; i < given.count; i++) {
      const inputs = slice(given.inputs, i, i + 1);
      const fed = { key: `picture ${i}`, inputs };
      pictures.push(await attributed(runner, call, method, fed, request));
    }
    await write(call, given, pictures);
    const warning = warnings[method];
    return {
      engine: runner.engine.info,
      document: {
        ...{ method, score, seed: request.seed, baseline: "the preprocessed black picture" },
        ...(request.camLayer && { layer: request.camLayer.name }),
        ...describe(pictures[0]),
        ...(pictures.length > 1 && { pictures: pictures.map(describe) }),
        ...(warning !== undefined && { warning }),
        preprocessing: model.preprocessing,
      },
      text: [
        ...pictures.map((picture, i) => text(picture, pictures.length > 1 ? i : null)),
        ...(warning === undefined ? [] : [`warning: ${warning}`]),
      ].join("\n\n"),
    };
  },
};

const AT_LEAST_ONE = { fallback: 1, least: 1 };

function guide(
  model: OpenModel,
  method: AttributionMethod,
  text: string | undefined,
): AttributionRequest["camLayer"] {
  if (method !== "guided-grad-cam") return null;
  const { name } = camLayer(model, text);
  return { name, maps: mapNode(model.graph, model.layer(name), false) };
}

async function write(
  { artifacts }: Call,
  given: Given,
  pictures: readonly (readonly Attributed[])[],
): Promise<void> {
  const each = pictures.map((found) => stack(found.map(({ result }) => result.attribution)));
  await artifacts.array("attribution", stack(each));
  const single = pictures.length === 1 && pictures[0]?.length === 1;
  for (const [i, found] of pictures.entries())
    for (const { score, result } of found) {
      const view = given.view(i);
      const name = pictures.length > 1 ? `overlay_${i}_${score.index}` : `overlay_${score.index}`;
      if (view)
        await artifacts.picture(single ? "overlay" : name, () =>
          drawAttribution(result.attribution, view),
        );
    }
}

function describe(found: readonly Attributed[] = []): Record<string, unknown> {
  const classes = found.map(({ score, result: { delta, steps }, badge }) => ({
    ...{ ...score, delta, steps },
    ...(badge && { badge }),
  }));
  const badge = found[0]?.badge;
  return { classes, delta: classes[0]?.delta, steps: classes[0]?.steps, ...(badge && { badge }) };
}

function text(found: readonly Attributed[], picture: number | null): string {
  const lines = found.flatMap(({ score, result, badge }) => [
    ...(result.delta === null
      ? []
      : [
          `class ${score.index}: completeness gap ${short(result.delta)} after ${result.steps} steps`,
        ]),
    ...(badge
      ? [
          `class ${score.index}: deletion ${short(badge.deletion)} (low is good), insertion ${short(badge.insertion)} (high is good), ${badge.settings}`,
        ]
      : []),
    ...(isSigned(result.attribution) ? ["blue speaks for the class, red against it"] : []),
  ]);
  const table = classTable(
    found.map(({ score }) => score),
    picture,
  );
  return [table, ...new Set(lines)].join("\n");
}
