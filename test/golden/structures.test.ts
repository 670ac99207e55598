/** Weights poured into structures: torch's own numbers, and look-alikes that have the same keys and shapes. */
import assert from "node:assert/strict";
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createEngine } from "../../src/engine/index.ts";
import type { Engine } from "../../src/engine/types.ts";
import { forward } from "../../src/methods/forward.ts";
import type { Inputs } from "../../src/methods/types.ts";
import type { StructureUse } from "../../src/graph/index.ts";
import { OpenModel, pictureBatches, pictureFiles, PictureStore } from "../../src/session/index.ts";
import { checkedStructure } from "../../src/session/structures/check.ts";
import { DIGIT, json, refused, type Document } from "./cli-support.ts";
import { data, model, relativeError, runnerOf } from "./support.ts";

const FOLDER = data("structures");
const NETWORKS = ["plain", "residual", "inverted", "dense"] as const;
const programs = readdirSync(FOLDER).filter((name) => name.endsWith(".pt2"));
const control = { signal: new AbortController().signal, progress: () => undefined };

describe("structures on pictures", function () {
  this.timeout(120_000);
  let engine: Engine | undefined;
  let files: string[] = [];
  before(async () => {
    ({ engine } = await createEngine("auto"));
    files = await pictureFiles([path.join(FOLDER, "pictures")]);
  });
  after(() => engine?.dispose());

  const checked = (name: string): ReturnType<typeof checkedAs> =>
    checkedAs(path.join(FOLDER, `${name.split(".")[0] ?? ""}.pth`), path.join(FOLDER, name));
  const of = async (weights: string, structure: string): Promise<StructureUse> => {
    const { opened } = await checkedAs(weights, structure);
    opened.close();
    return opened.structure ?? assert.fail("no structure");
  };
  async function checkedAs(
    weights: string,
    structure: string,
  ): Promise<{ opened: OpenModel; batches: Inputs[] }> {
    const opened = await OpenModel.open(weights, { structure });
    const batches: Inputs[] = [];
    const skip = (file: string, why: string): never => assert.fail(`${file}: ${why}`);
    for await (const { inputs } of pictureBatches(opened, new PictureStore(), files, skip))
      batches.push(inputs);
    const use = opened.structure ?? assert.fail("no structure");
    assert.ok(engine);
    opened.setStructure(
      await checkedStructure({ runner: runnerOf(opened, engine), batches }, use, control),
    );
    return { opened, batches };
  }

  /** All that these networks are doubted for: nearly the same function, which no picture can rule out. */
  const NEARLY =
    /pictures cannot rule out (epsilon [\d.e-]+|relu6?) in place of (relu6?|[\d.e-]+), which would change class scores by \d\.\d %$/;
  const doubtsOf = ({ assumed }: StructureUse): readonly string[] =>
    assumed.slice(1).filter((doubt) => !NEARLY.test(doubt) && !/^relu6? in place/.test(doubt));

  for (const network of NETWORKS)
    it(`${network}: torch's logits, and every batch normalization agrees`, async () => {
      const { opened, batches } = await checked(`${network}.true.pt2`);
      const file = path.join(FOLDER, `${network}.json`);
      const wanted = (JSON.parse(readFileSync(file, "utf8")) as number[][]).flat();
      assert.ok(engine);
      const [logits] = await forward({ graph: opened.graph, engine }, batches[0] ?? [], [
        opened.scores.logits,
      ]);
      assert.ok(relativeError(logits?.data.slice(0, wanted.length) ?? [], wanted) < 1e-5);
      assert.deepEqual(doubtsOf(opened.structure ?? assert.fail("no structure")), []);
      opened.close();
    });

  for (const name of programs.filter((program) => !program.includes(".true.")))
    it(`${name} is not taken for the network of the weights`, async () => {
      const { opened } = await checked(name);
      const use = opened.structure ?? assert.fail("no structure");
      opened.close();
      // no picture reaches 6 there: what it would change is said, and below a hundredth
      const near = /relu in place of relu6 would change class scores by 0\.\d %/;
      if (name === "plain.act-relu6.pt2") assert.match(use.assumed.join(), near);
      assert.equal(use.confidence, "low");
      if (!/eps-1e-[35]|relu6/.test(name)) assert.ok(doubtsOf(use).length > 0, use.assumed.join());
    });

  it("where an epsilon does not matter, the network is held for the one of the weights", async () => {
    const file = path.join(FOLDER, "large.pth");
    const program = path.join(FOLDER, "plain.true.pt2");
    const { confidence, assumed } = await of(file, program);
    assert.equal(confidence, "high", assumed.join());
    assert.match(assumed.join(), /6 batch normalizations agree with 96 pictures/);
  });
  it("too few pictures say nothing", async () => {
    const few = files.splice(8);
    const { confidence, assumed } = await of(
      path.join(FOLDER, "large.pth"),
      path.join(FOLDER, "plain.true.pt2"),
    );
    files.push(...few);
    assert.equal(confidence, "low");
    assert.match(assumed.join(), /8 pictures are too few/);
  });
});

describe("a checkpoint with its network beside it", () => {
  const WHOLE = model("torch/small.pt2");
  const same = async (...args: string[]): Promise<void> => {
    const ask = (file: string): Promise<Document> => json(args[0] ?? "", file, ...args.slice(1));
    const wanted = await ask(WHOLE);
    assert.equal(wanted["structure"], undefined);
    for (const name of ["small_checkpoint.pth", "small.safetensors", "small_whole_module.pth"]) {
      const own = await ask(model(`torch/${name}`));
      assert.deepEqual(own.arrays, wanted.arrays);
      assert.deepEqual(own.classes, wanted.classes);
      const { confidence, assumed } = own["structure"] as StructureUse;
      assert.deepEqual([confidence, assumed], ["exact", []]);
    }
  };
  it("gives the scores of the whole file", () => same("predict", "--image", DIGIT));
  it("gives its Grad-CAM", () => same("cam", "--image", DIGIT, "--class", "3"));
  it("gives its integrated gradients", () =>
    same("attribute", "--image", DIGIT, "--method", "integrated-gradients", "--steps", "8"));

  it("a file with a network needs none", async () => {
    const reason = /has its own network: leave --structure out/;
    await refused(2, reason, "inspect", WHOLE, "--structure", WHOLE);
  });
  it("a structure of another network is refused by the first key", async () => {
    const plain = data("structures/plain.true.pt2");
    const weights = model("torch/small_state_dict.pt");
    await refused(
      3,
      /does not fit plain\.true\.pt2: .*'/,
      "inspect",
      weights,
      "--structure",
      plain,
    );
  });
  it("of several programs that the weights fit all are named, and pictures decide", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "convlens-several-"));
    try {
      const programs = ["plain.down-1.pt2", "plain.order.pt2", "plain.true.pt2"];
      for (const name of ["large.pth", ...programs])
        copyFileSync(data(`structures/${name}`), path.join(folder, name));
      const file = path.join(folder, "large.pth");
      const unseen = (await json("inspect", file))["structure"] as StructureUse;
      assert.equal(unseen.confidence, "low");
      assert.deepEqual(unseen.candidates, programs);
      const pictures = data("structures/pictures");
      const seen = (await json("inspect", file, "--check-with", pictures))["structure"];
      const { source, confidence, candidates, assumed } = seen as StructureUse;
      assert.equal(source, "plain.true.pt2, which the pictures speak for");
      assert.equal(confidence, "high");
      assert.deepEqual(candidates, []);
      assert.match(assumed.join(), /speak against plain\.down-1\.pt2, plain\.order\.pt2/);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
  it("--check-with says what pictures say", async () => {
    const pictures = data("structures/pictures");
    const args = ["inspect", data("structures/large.pth"), "--check-with", pictures];
    const whole = await json(...args, "--structure", data("structures/plain.true.pt2"));
    assert.equal((whole["structure"] as StructureUse).confidence, "high");
    const other = await json(...args, "--structure", data("structures/plain.order.pt2"));
    const { confidence, assumed } = other["structure"] as StructureUse;
    assert.equal(confidence, "low");
    assert.match(assumed.join(), /disagrees with what 'norms\.0' kept of training/);
  });
});
