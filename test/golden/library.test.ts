/** Networks of the library, fine-tuned to other classes and saved as weights alone: PyTorch's logits and Grad-CAM. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { at } from "../../src/base/at.ts";
import { createEngine } from "../../src/engine/index.ts";
import type { Engine } from "../../src/engine/types.ts";
import { forward } from "../../src/methods/forward.ts";
import { Explained, OpenModel } from "../../src/session/index.ts";
import { classTarget, gradCam } from "../../src/shared/question.ts";
import {
  knownNetwork,
  knownPicture,
  knownTransformer,
  knownWeights,
} from "../support/known-network.ts";
import { relativeError, runnerOf } from "./support.ts";

const NETWORKS = [
  ["mobilenet_v3_small", "torchvision"],
  ["shufflenet_v2_x1_0", "torchvision"],
  ["mobilenetv3_small_100", "timm"],
] as const;
/** Of transformers: by its config.json. */
const VIT = "vit-tiny-patch16-224";
const context = { signal: new AbortController().signal, progress: () => undefined };

describe("weights of networks that ConvLens knows", function () {
  this.timeout(120_000);
  let engine: Engine | undefined;
  const folder = mkdtempSync(path.join(tmpdir(), "convlens-known-"));
  before(async () => {
    ({ engine } = await createEngine("auto"));
  });
  after(() => {
    engine?.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  for (const [name, library] of NETWORKS)
    it(`${library} ${name}`, async () => {
      assert.ok(engine);
      const known = knownNetwork(name);
      const file = path.join(folder, `${name}.pth`);
      writeFileSync(file, knownWeights(known));
      const opened = await OpenModel.open(file);
      const use = opened.structure ?? assert.fail("it is not known");
      assert.equal(use.source, `${library} ${name}, by its keys and shapes`);
      assert.equal(use.confidence, "low");
      const picture = knownPicture(known);
      const subject = { graph: opened.graph, engine };
      const [logits] = await forward(subject, [picture], [opened.scores.logits]);
      assert.ok(relativeError(logits?.data ?? [], known.logits) < 1e-4);
      const explained = new Explained(runnerOf(opened, engine), {
        key: "picture",
        inputs: [picture],
      });
      const question = gradCam("picture", [classTarget(0)], known.layer);
      const { maps } = await explained.cam(question, { context });
      assert.ok(relativeError(at(maps, 0).signed.data, known.signed) < 1e-4);
      engine.release(opened.graph);
      opened.close();
    });

  it(`transformers ${VIT}, by its config.json; another number of heads is another network`, async () => {
    assert.ok(engine);
    const { settings, ...known } = knownTransformer(VIT);
    const own = mkdtempSync(path.join(folder, "vit-"));
    const file = path.join(own, "pytorch_model.bin");
    writeFileSync(file, knownWeights(known));
    const id2label = { 0: "a", 1: "b", 2: "c", 3: "d", 4: "e" };
    const config = (other: object): void => {
      writeFileSync(path.join(own, "config.json"), JSON.stringify({ ...settings, id2label, ...other })); // prettier-ignore
    };
    config({});
    const opened = await OpenModel.open(file);
    const { source } = opened.structure ?? assert.fail("it is not known");
    assert.equal(source, `transformers ${VIT}, as config.json, which lies beside it, says`);
    assert.deepEqual(opened.labels, ["a", "b", "c", "d", "e"]);
    const subject = { graph: opened.graph, engine };
    const [logits] = await forward(subject, [knownPicture(known)], [opened.scores.logits]);
    assert.ok(relativeError(logits?.data ?? [], known.logits) < 1e-5);
    engine.release(opened.graph);
    opened.close();
    config({ num_attention_heads: 4 });
    const { graph, structure } = await OpenModel.open(file);
    assert.equal(structure, null);
    assert.match(
      graph.notRunnable ?? "",
      /has num_attention_heads 3, and config\.json.* says 4; export/,
    );
    graph.weights.close();
  });
});
