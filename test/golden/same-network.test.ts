/** One network out of every format: the layer that Grad-CAM takes by itself, its maps, the attention of each head and its rollout, as Keras has them. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { floats, type FloatTensor } from "../../src/base/tensor.ts";
import { createEngine } from "../../src/engine/index.ts";
import { Explained, OpenModel, type Fed, type Runner } from "../../src/session/index.ts";
import { classTarget, gradCam } from "../../src/shared/question.ts";
import { type Numbers, tensorOf } from "./recorded.ts";
import { assertClose, model, runnerOf } from "./support.ts";

interface Case {
  readonly input: Numbers;
  readonly logits: Numbers;
  readonly maps: Numbers;
  readonly cam: Numbers;
  readonly attention?: readonly Numbers[];
  readonly rollout?: Numbers;
}
/** By network: what the name of its automatic layer holds, whatever else a format makes of it. */
const NETWORKS = { residual: /add_1\b/, transformer: /add_3\b/, hybrid: /add_2\b/ } as const;
const ENDINGS = [
  ...[".keras", ".h5", "_saved", ".pb", ".tflite"],
  ...[".onnx", "_tfjs_graph", "_tfjs_layers"],
];

/** Of PyTorch: an exported program, and weights alone, whose structure lies beside them. */
const PYTORCH: { readonly [name in keyof typeof NETWORKS]?: readonly string[] } = {
  residual: [".pt2", ".pth"],
};

const silent = { signal: new AbortController().signal, progress: () => undefined };

/** The maps of the layers of attention of a model, in the order in which they run; the same matrix once. */
async function heads(runner: Runner, fed: Fed): Promise<FloatTensor[]> {
  const byMatrix = new Map(
    runner.model.graph.layers.flatMap((layer) =>
      (layer.maps ?? []).flatMap(({ attention }) => (attention ? [[attention.matrix, layer]] : [])),
    ) as [string, (typeof runner.model.graph.layers)[number]][],
  );
  return Promise.all([...byMatrix.values()].map((layer) => runner.maps(fed, layer, false)));
}

describe("one network in every format", () => {
  for (const [name, automatic] of Object.entries(NETWORKS))
    for (const ending of [...ENDINGS, ...(PYTORCH[name as keyof typeof NETWORKS] ?? [])])
      it(`${name}${ending}`, async () => {
        const of = JSON.parse(await readFile(model(`same/${name}.json`), "utf8")) as Case;
        const opened = await OpenModel.open(model(`same/${name}${ending}`));
        const { engine } = await createEngine("wasm");
        const runner = runnerOf(opened, engine);
        const picture = tensorOf(of.input);
        const fed: Fed = { key: ending, inputs: [{ ...picture, shape: [1, ...picture.shape] }] };
        const scores = await runner.classes(fed);
        const logits = Float32Array.from(scores, ({ logit }) => logit);
        assertClose(floats([logits.length], logits), tensorOf(of.logits), "logits");

        const auto = opened.summary.camLayer?.name ?? assert.fail("no layer by itself");
        assert.match(auto, automatic);
        assertClose(await runner.maps(fed, opened.layer(auto), false), tensorOf(of.maps), auto);
        const explained = new Explained(runner, fed);
        const targets = scores.map(({ index }) => classTarget(index));
        const { maps } = await explained.cam(gradCam("", targets), { context: silent });
        const signed = Float32Array.from(maps.flatMap((map) => [...map.signed.data]));
        assertClose(floats(of.cam.shape, signed), tensorOf(of.cam), "Grad-CAM");

        const { attention = [], rollout } = of;
        const found = await heads(runner, fed);
        assert.equal(found.length, attention.length);
        for (const [i, wanted] of attention.entries())
          assertClose(found[i] ?? assert.fail(), tensorOf(wanted), `attention ${i}`);
        const question = { ...gradCam("", { top: 1 }), method: "attention-rollout" } as const;
        const rolled = explained.cam(question, { context: silent });
        if (rollout)
          assertClose((await rolled).maps[0]?.raw ?? assert.fail(), tensorOf(rollout), "rollout");
        else await assert.rejects(rolled, /attends from place to place/);
        engine.dispose();
        opened.close();
      });
});
