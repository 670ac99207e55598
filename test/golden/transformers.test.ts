/** Tokens over the picture: Grad-CAM as pytorch-grad-cam has it with its reshape transforms, and the attention of each head. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { Explained, OpenModel, type Fed } from "../../src/session/index.ts";
import { classTarget, gradCam } from "../../src/shared/question.ts";
import { floats, type FloatTensor } from "../../src/base/tensor.ts";
import { type Numbers, tensorOf } from "./recorded.ts";
import { assertClose, model, onEachEngine, runnerOf } from "./support.ts";

interface Case {
  readonly input: Numbers;
  readonly logits: Numbers;
  readonly cam: Readonly<Record<string, Numbers>>;
  readonly attention: Readonly<Record<string, Numbers>>;
}
const silent = { signal: new AbortController().signal, progress: () => undefined };

/** By file: the layer of each module of the case, the matrix of attention in it, and the layer that is taken by itself. */
const block = (number: number, layer: string): string => `/blocks/blocks.${number}/${layer}`;
const window = (number: number): string => `/layers/layers.0/blocks/blocks.${number}/attn/proj/Add`;
const FILES: Readonly<
  Record<string, { auto: string; layers: Record<string, string>; attention?: string }>
> = {
  "vit.onnx": {
    auto: block(0, "Add_1"),
    layers: {
      "blocks.1.norm1": block(1, "norm1/LayerNormalization"),
      "blocks.0": block(0, "Add_1"),
    },
    attention: "/blocks/MODULE/Softmax",
  },
  "vit.pt2": {
    auto: "blocks.0.add:1",
    layers: { "blocks.1.norm1": "blocks.1.norm1", "blocks.0": "blocks.0.add:1" },
    attention: "MODULE.scaled_dot_product_attention:attention",
  },
  "mean.onnx": {
    auto: block(1, "Add_1"),
    layers: {
      "blocks.1.norm1": block(1, "norm1/LayerNormalization"),
      "blocks.1": block(1, "Add_1"),
    },
    attention: "/blocks/MODULE/Softmax",
  },
  "distilled.onnx": {
    auto: block(0, "Add_1"),
    layers: { "blocks.1.norm1": block(1, "norm1/LayerNormalization") },
    attention: "/blocks/MODULE/Softmax",
  },
  "swin.onnx": {
    auto: "/norm/LayerNormalization",
    layers: {
      norm: "/norm/LayerNormalization",
      "layers.0.blocks.1.attn.proj": window(1),
      "layers.0.blocks.0.attn.proj": window(0),
    },
  },
  "swin.pt2": {
    auto: "norm",
    layers: {
      norm: "norm",
      "layers.0.blocks.1.norm1": "layers.0.blocks.1.norm1",
      "layers.0.blocks.1.attn.proj": "layers.0.blocks.1.attn.proj",
      "layers.0.blocks.0.attn.proj": "layers.0.blocks.0.attn.proj",
    },
  },
};

describe("transformers", () => {
  onEachEngine((engine) => {
    for (const [file, { auto, layers, attention }] of Object.entries(FILES))
      it(`${file}: maps of tokens`, async () => {
        const opened = await OpenModel.open(model(`transformers/${file}`));
        const text = await readFile(model(`transformers/${file.split(".")[0] ?? ""}.json`), "utf8");
        const { input, logits, cam, attention: weights } = JSON.parse(text) as Case;
        const picture = tensorOf(input);
        const fed: Fed = { key: file, inputs: [{ ...picture, shape: [1, ...picture.shape] }] };
        const runner = runnerOf(opened, engine());
        const scores = await runner.classes(fed);
        const found = (shape: readonly number[], data: readonly number[]): FloatTensor =>
          floats(shape, Float32Array.from(data));
        assertClose(
          found(
            logits.shape,
            scores.map(({ logit }) => logit),
          ),
          tensorOf(logits),
          "logits",
        );
        assert.equal(opened.summary.camLayer?.name, auto);
        const targets = scores.map(({ index }) => classTarget(index));
        for (const [module, layer] of Object.entries(layers)) {
          const question = gradCam("", targets, layer);
          const { maps } = await new Explained(runner, fed).cam(question, { context: silent });
          const expected = cam[module] ?? assert.fail(module);
          assert.deepEqual(maps[0]?.signed.shape, expected.shape.slice(1), layer);
          const signed = maps.flatMap((map) => [...map.signed.data]);
          assertClose(found(expected.shape, signed), tensorOf(expected), layer);
        }
        for (const [module, expected] of Object.entries(weights)) {
          const name = (attention ?? "").replace(
            "MODULE",
            file.endsWith(".onnx") ? module.replace(".attn", "/attn") : module,
          );
          const heads = await runner.maps(fed, opened.layer(name), false);
          assert.deepEqual(heads.shape, expected.shape);
          assertClose(heads, tensorOf(expected), name);
        }
      });
  });
});
