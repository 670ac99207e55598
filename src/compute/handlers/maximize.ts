import { mapNode } from "../../methods/activations/index.ts";
import { recipes, type Objective } from "../../methods/maximize/index.ts";
import {
  asPictures,
  inputRange,
  pictureInput,
  pictureSize,
  type Runner,
} from "../../session/index.ts";
import type { MaximizedPictures, MaximizeRequest } from "../../shared/contract/experiments.ts";
import { usageError } from "../../shared/errors.ts";
import type { FloatTensor } from "../../shared/tensor.ts";
import type { State } from "../state.ts";
import { timed, type Part } from "./timed.ts";

/** Pictures cross to the panel at most this often, whatever a step takes. */
const SHOW_EVERY_MS = 150;

export function maximizeHandlers(state: State): Part<"maximize"> {
  return {
    maximize: ({ model, ...request }, control) =>
      timed(async () => {
        const runner = await state.runner(model);
        const open = runner.model;
        const size = pictureSize(pictureInput(open.graph));
        if (request.targets.length === 0) throw usageError("Nothing was chosen to be maximised.");
        let shown = 0;
        const pictures = (
          step: number,
          steps: number,
          images: FloatTensor,
          values: Float32Array,
        ): MaximizedPictures => ({
          width: size[1],
          height: size[0],
          rgb: asPictures(images, open.preprocessing).rgb,
          values,
          step,
          steps,
        });
        const { images, history, steps } = await recipes[request.recipe]({
          subject: runner.subject,
          scores: open.scores,
          objectives: request.targets.map((target) => objectiveOf(runner, target)),
          size,
          range: inputRange(open.preprocessing, size[2]),
          steps: request.steps,
          seed: request.seed,
          context: control,
          onStep: (step, total, now, values) => {
            if (performance.now() - shown < SHOW_EVERY_MS) return;
            shown = performance.now();
            control.progress({
              fraction: step / total,
              partial: pictures(step, total, now, values.slice()),
            });
          },
        });
        const { rounded } = asPictures(images, open.preprocessing);
        const probabilities = await reached(runner, request, rounded);
        const last = history.at(-1) ?? new Float32Array(request.targets.length);
        const result = { ...pictures(steps, steps, images, last), request, probabilities, history };
        return { engine: runner.engine.info.name, result };
      }),
  };
}

function objectiveOf({ model }: Runner, target: MaximizeRequest["targets"][number]): Objective {
  if ("classIndex" in target)
    return [{ weight: 1, term: { kind: "class", index: target.classIndex } }];
  const node = mapNode(model.graph, model.layer(target.layer), false);
  return [{ weight: 1, term: { kind: "channel", node, filter: target.filter } }];
}

/** The probability of each class on its own 8-bit picture. */
async function reached(
  runner: Runner,
  { targets }: MaximizeRequest,
  rounded: FloatTensor,
): Promise<(number | null)[]> {
  const [, ...size] = rounded.shape;
  const cells = size.reduce((a, b) => a * b, 1);
  const probabilities: (number | null)[] = [];
  for (const [row, target] of targets.entries()) {
    if (!("classIndex" in target)) {
      probabilities.push(null);
      continue;
    }
    const own: FloatTensor = {
      dtype: "float32",
      shape: [1, ...size],
      data: rounded.data.slice(row * cells, (row + 1) * cells),
    };
    const classes = await runner.classesOf([own]);
    probabilities.push(classes[target.classIndex]?.probability ?? null);
  }
  return probabilities;
}
