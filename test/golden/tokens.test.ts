/** Networks whose cells are tokens, as PyTorch and pytorch-grad-cam have them: maps, Grad-CAM, attention of each head, and its rollout. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { floats } from "../../src/base/tensor.ts";
import { fixedBatch } from "../../src/graph/index.ts";
import { repeat } from "../../src/methods/repeat.ts";
import { Explained, OpenModel, type Fed } from "../../src/session/index.ts";
import { classTarget, gradCam } from "../../src/shared/question.ts";
import { type Numbers, tensorOf } from "./recorded.ts";
import { assertClose, model, onEachEngine, runnerOf } from "./support.ts";

interface Case {
  readonly input: Numbers;
  readonly logits: Numbers;
  readonly cam: Readonly<Record<string, Numbers>>;
  readonly maps: Readonly<Record<string, Numbers>>;
  readonly attention?: readonly Numbers[];
  readonly rollout?: Numbers;
}
/** Of one file: the layer of each module of the case, those of its matrices of attention in order, and the one that is taken by itself. */
interface Names {
  readonly auto: string;
  readonly layers: Readonly<Record<string, string>>;
  readonly attention?: readonly string[];
}
const FUSED = "scaled_dot_product_attention:attention";
const block = (number: number, layer: string): string => `/blocks/blocks.${number}/${layer}`;
const transformer = "/stages/stages.1/stages.1.1/transformer/transformer";
const FILES: Readonly<Record<string, Names>> = {
  "dinov2.onnx": {
    auto: block(0, "Add_1"),
    layers: {
      "blocks.0": block(0, "Add_1"),
      "blocks.1.norm1": block(1, "norm1/LayerNormalization"),
    },
    attention: [block(0, "attn/Softmax"), block(1, "attn/Softmax")],
  },
  "dinov2.pt2": {
    auto: "blocks.0.add:1",
    layers: { "blocks.0": "blocks.0.add:1", "blocks.1.norm1": "blocks.1.norm1" },
    attention: [`blocks.0.attn.${FUSED}`, `blocks.1.attn.${FUSED}`],
  },
  // of two pictures at once, which stand along the second axis in the block
  "hybrid.onnx": {
    auto: "/block/Add_1",
    layers: { block: "/block/Add_1" },
    attention: ["/block/self_attn/Softmax"],
  },
  "hybrid.pt2": { auto: "block:2", layers: { block: "block:2" }, attention: ["block:1:attention"] },
  // the mean of the tokens is read, and no register: theirs is not what is attended to
  "registers.onnx": {
    auto: block(1, "Add_1"),
    layers: { "blocks.1": block(1, "Add_1") },
    attention: [block(0, "attn/Softmax"), block(1, "attn/Softmax")],
  },
  "registers.pt2": {
    auto: "blocks.1.add:1",
    layers: { "blocks.1": "blocks.1.add:1" },
    attention: [`blocks.0.attn.${FUSED}`, `blocks.1.attn.${FUSED}`],
  },
  "dinov3.pt2": {
    auto: "blocks.0.add:1",
    layers: { "blocks.0": "blocks.0.add:1" },
    attention: [`blocks.0.attn.${FUSED}`, `blocks.1.attn.${FUSED}`],
  },
  "swin.onnx": {
    auto: "/norm/LayerNormalization",
    layers: {
      norm: "/norm/LayerNormalization",
      "layers.1.blocks.0": "/layers/layers.1/blocks/blocks.0/Add_1",
    },
    attention: [0, 1].map((i) => `/layers/layers.1/blocks/blocks.${i}/attn/softmax/Softmax`),
  },
  "swin.pt2": {
    auto: "norm",
    layers: { norm: "norm", "layers.1.blocks.0": "layers.1.blocks.0.add:1" },
    attention: [0, 1].map((i) => `layers.1.blocks.${i}.attn.softmax`),
  },
  // four neighbours become one token along the channels
  "torchvision-swin.pt2": {
    auto: "norm",
    layers: { norm: "norm", "features.3.0": "features.3.0.add:1" },
    attention: [0, 1].map((i) => `features.3.${i}.attn.softmax`),
  },
  "mobilevit.onnx": {
    auto: "/final_conv/bn/act/Mul",
    layers: {
      "final_conv.bn": "/final_conv/bn/act/Mul",
      "stages.1.1": "/stages/stages.1/stages.1.1/conv_fusion/bn/act/Mul",
    },
    attention: [0, 1].map((i) => `${transformer}.${i}/attn/Softmax`),
  },
  "mobilevit.pt2": {
    auto: "final_conv.bn.act",
    layers: { "final_conv.bn": "final_conv.bn.act", "stages.1.1": "stages.1.1.conv_fusion.bn.act" },
    attention: [0, 1].map((i) => `stages.1.1.transformer.${i}.attn.${FUSED}`),
  },
  // attention without a softmax has no matrix
  "efficientvit-mit.onnx": {
    auto: "/head/in_conv/act/HardSwish",
    layers: {
      "stages.2": "/stages/stages.2/blocks/blocks.1/local_module/Add",
      "head.in_conv": "/head/in_conv/act/HardSwish",
    },
  },
  "efficientvit-mit.pt2": {
    auto: "head.in_conv.act",
    layers: {
      "stages.2": "stages.2.blocks.1.local_module.add",
      "head.in_conv": "head.in_conv.act",
    },
  },
  "efficientvit-msra.onnx": {
    auto: "/stages/stages.1/blocks/blocks.0/ffn1/Add",
    layers: {
      "stages.0.blocks.0": "/stages/stages.0/blocks/blocks.0/ffn1/Add",
      "stages.1": "/stages/stages.1/blocks/blocks.0/ffn1/Add",
    },
    attention: ["", "_1"].map((i) => `/stages/stages.1/blocks/blocks.0/mixer/m/attn/Softmax${i}`),
  },
  "efficientvit-msra.pt2": {
    auto: "stages.1.blocks.0.ffn1.add",
    layers: {
      "stages.0.blocks.0": "stages.0.blocks.0.ffn1.add",
      "stages.1": "stages.1.blocks.0.ffn1.add",
    },
    attention: ["", ":1"].map((i) => `stages.1.blocks.0.mixer.m.attn.softmax${i}`),
  },
};

const silent = { signal: new AbortController().signal, progress: () => undefined };
const nameOf = (file: string): string => file.slice(0, file.lastIndexOf("."));

describe("tokens", () => {
  onEachEngine((engine) => {
    for (const [file, { auto, layers, attention = [] }] of Object.entries(FILES))
      it(`${file}: maps, Grad-CAM, attention and its rollout`, async () => {
        const opened = await OpenModel.open(model(`tokens/${file}`));
        const recorded = await readFile(model(`tokens/${nameOf(file)}.json`), "utf8");
        const of = JSON.parse(recorded) as Case;
        const picture = tensorOf(of.input);
        const rows = repeat(
          { ...picture, shape: [1, ...picture.shape] },
          fixedBatch(opened.graph) ?? 1,
        );
        const fed: Fed = { key: file, inputs: [rows] };
        const runner = runnerOf(opened, engine());
        const explained = new Explained(runner, fed);
        const scores = await runner.classes(fed);
        const logits = Float32Array.from(scores, ({ logit }) => logit);
        assertClose(floats([logits.length], logits), tensorOf(of.logits), "logits");
        assert.equal(opened.summary.camLayer?.name, auto);
        const targets = scores.map(({ index }) => classTarget(index));
        for (const [module, layer] of Object.entries(layers)) {
          const { maps } = await explained.cam(gradCam("", targets, layer), { context: silent });
          const expected = tensorOf(of.cam[module] ?? assert.fail(module));
          assert.deepEqual(maps[0]?.signed.shape, expected.shape.slice(1), layer);
          const signed = Float32Array.from(maps.flatMap((map) => [...map.signed.data]));
          assertClose(floats(expected.shape, signed), expected, layer);
          const own = tensorOf(of.maps[module] ?? assert.fail(module));
          assertClose(await runner.maps(fed, opened.layer(layer), false), own, layer);
        }
        for (const [i, layer] of attention.entries()) {
          const heads = await runner.maps(fed, opened.layer(layer), false);
          const expected = tensorOf(of.attention?.[i] ?? assert.fail(layer));
          assert.deepEqual(heads.shape, expected.shape, layer);
          assertClose(heads, expected, layer);
        }
        const rolled = { ...gradCam("", { top: 1 }), method: "attention-rollout" } as const;
        const answer = explained.cam(rolled, { context: silent });
        if (!of.rollout) await assert.rejects(answer, /attends from place to place/);
        else {
          const { maps, layers: taken } = await answer;
          assert.equal(taken[0]?.name, attention.at(-1));
          assertClose(maps[0]?.raw ?? assert.fail(), tensorOf(of.rollout), "rollout");
        }
      });
  });
});
