/** Layer-wise relevance propagation against zennit, on thin copies of known networks; and what the rules promise. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { unzipSync } from "fflate";
import { attributionMethods } from "../../src/methods/attribute/index.ts";
import { decodeNpy } from "../../src/pictures/index.ts";
import { OpenModel } from "../../src/session/index.ts";
import type { AttributionName } from "../../src/shared/catalogue.ts";
import { floats, type FloatTensor } from "../../src/base/tensor.ts";
import { assertClose, data, model, onEachEngine, runnerOf } from "./support.ts";

const NETWORKS = ["vgg11", "vgg11_bn", "resnet18", "lite0"] as const;
const RULES = ["lrp-0", "lrp-epsilon", "lrp-gamma", "lrp-z-plus", "lrp-epsilon-plus", "lrp-epsilon-gamma-box"] as const satisfies readonly AttributionName[]; // prettier-ignore
const CLASS = 3;
const MEAN = [0.485, 0.456, 0.406] as const;
const STD = [0.229, 0.224, 0.225] as const;

/** [1, C, H, W] as zennit has it, as [H, W, C]. */
function channelsLast({ shape, data }: FloatTensor): FloatTensor {
  const [, channels = 0, height = 0, width = 0] = shape;
  const moved = data.map(
    (_, i) => data[(i % channels) * height * width + Math.floor(i / channels)] ?? NaN,
  );
  return floats([height, width, channels], moved);
}
async function recorded(name: string): Promise<(array: string) => FloatTensor> {
  const files = unzipSync(await readFile(data(`relevance/${name}.npz`)));
  return (array) => decodeNpy(files[`${array}.npy`] ?? assert.fail(array), array);
}

describe("relevance", () => {
  onEachEngine((engine) => {
    for (const name of NETWORKS)
      describe(name, () => {
        let opened: OpenModel;
        before(async () => {
          opened = await OpenModel.open(model(`relevance/${name}.onnx`));
        });
        after(() => opened.close());
        for (const rule of RULES)
          it(rule, async () => {
            const array = await recorded(name);
            const x = channelsLast(array("x"));
            const input = floats([1, ...x.shape], x.data);
            const { attribution, completeness } = await attributionMethods[rule]({
              subject: runnerOf(opened, engine()).subject,
              scores: opened.scores,
              ...{ input, inputs: [input], at: 0, baseline: input, baselineName: "black" },
              range: {
                min: MEAN.map((mean, k) => -mean / (STD[k] ?? NaN)),
                max: MEAN.map((mean, k) => (1 - mean) / (STD[k] ?? NaN)),
              },
              ...{ classIndex: CLASS, camLayer: null, steps: null, seed: 0, batch: 1 },
              context: { signal: new AbortController().signal, progress: () => undefined },
            });
            const noise = array(`${rule} noise`).data[0] ?? NaN;
            assertClose(attribution, channelsLast(array(rule)), rule, Math.max(1e-4, 3 * noise));
            const logit = array("logits").data[CLASS] ?? NaN;
            assert.ok(Math.abs((completeness?.difference ?? NaN) - logit) < 1e-4 * Math.abs(logit));
          });
      });
  });
});
