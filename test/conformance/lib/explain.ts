/** Whether a picture can be explained: Grad-CAM at the layer of our choice and Integrated Gradients, for two classes. */
import type { Engine } from "../../../src/engine/types.ts";
import { Explained, OpenModel, Runner, ValueCache } from "../../../src/session/index.ts";
import { attributionBy, classTarget, gradCam } from "../../../src/shared/question.ts";
import type { TensorData } from "../../../src/base/tensor.ts";

type OpenOptions = Parameters<typeof OpenModel.open>[1];
const CLASSES = [0, 1];
const STEPS = 4;
const context = { signal: new AbortController().signal, progress: () => undefined };

/** Why `method` gives no map of a picture [1, ...], or null: it throws, or has cells that are no numbers, or only zeros. */
export async function explainFailures(
  file: string,
  engine: Engine,
  picture: TensorData,
  options: OpenOptions,
): Promise<Readonly<Record<"Grad-CAM" | "Integrated Gradients", string | null>>> {
  const model = await OpenModel.open(file, options);
  try {
    const fed = { key: "picture", inputs: [picture] };
    const explained = new Explained(new Runner(model, engine, new ValueCache(2 ** 26)), fed);
    return {
      "Grad-CAM": await failure(async () => {
        const name = model.summary.camLayer?.name;
        if (name === undefined) throw new RangeError("there is no layer with positions");
        const question = gradCam("picture", CLASSES.map(classTarget), name);
        return (await explained.cam(question, { context })).maps.map(({ signed }) => signed.data);
      }),
      "Integrated Gradients": await failure(async () => {
        const targets = CLASSES.map(classTarget);
        const asked = attributionBy("integrated-gradients", "picture", targets);
        const question = { ...asked, steps: STEPS };
        const found: Float32Array[] = [];
        for await (const { attribution } of explained.attributions(question, () => context))
          found.push(attribution.data);
        return found;
      }),
    };
  } finally {
    engine.release(model.graph);
    model.close();
  }
}

async function failure(maps: () => Promise<readonly Float32Array[]>): Promise<string | null> {
  try {
    for (const map of await maps()) {
      if (!map.every(Number.isFinite)) return "it has cells that are no numbers";
      if (map.every((value) => value === 0)) return "all of it is zero";
    }
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}
