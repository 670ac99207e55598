import assert from "node:assert/strict";
import { copyFile, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { OpenModels } from "../../../src/session/index.ts";

const root = path.resolve(import.meta.dirname, "../../..");
const MODEL = path.join(root, "test/models/small_k3.h5");

describe("open models", () => {
  let folder: string;
  const models = new OpenModels({ most: 2, engine: "wasm" });
  const at = (name: string): string => path.join(folder, name);
  const sidecar = (content: object): Promise<void> =>
    writeFile(at("net.h5.convlens.json"), JSON.stringify(content));
  const labels = (last: string): Promise<void> =>
    writeFile(at("labels.txt"), ["0", "1", "2", "3", "4", "5", "6", "7", "8", last].join("\n"));
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "convlens-open-"));
    await copyFile(MODEL, at("net.h5"));
  });
  after(async () => {
    await models.releaseAll();
    await rm(folder, { recursive: true });
  });

  it("are kept while nothing changes, and two who ask at once get the same", async () => {
    const [one, two] = await Promise.all([models.model(at("net.h5")), models.model(at("net.h5"))]);
    assert.equal(one, two);
    assert.equal(await models.model(at("net.h5")), one);
  });

  it("are opened again when the sidecar appears, changes, or goes away", async () => {
    const first = await models.model(at("net.h5"));
    await sidecar({ preprocess: "torch" });
    const second = await models.model(at("net.h5"));
    assert.notEqual(second, first);
    assert.equal(second.preprocessing.source, "sidecar");
    await sidecar({ preprocess: "caffe" });
    const third = await models.model(at("net.h5"));
    assert.equal(third.preprocessing.order, "bgr");
    assert.equal(await models.model(at("net.h5")), third);
    await rm(at("net.h5.convlens.json"));
    assert.notEqual((await models.model(at("net.h5"))).preprocessing.source, "sidecar");
  });

  it("are opened again when a file that the sidecar names changes", async () => {
    await sidecar({ labels: "labels.txt" });
    assert.equal((await models.model(at("net.h5"))).labels, null);
    await labels("nine");
    assert.equal((await models.model(at("net.h5"))).labels?.[9], "nine");
    await labels("neuf");
    const now = await models.model(at("net.h5"));
    assert.equal(now.labels?.[9], "neuf");
    assert.equal(await models.model(at("net.h5")), now);
  });

  it("are asked again when a file changes before the answer, a sidecar too", async () => {
    const net = at("net.h5");
    await sidecar({ preprocess: "torch" });
    let times = 0;
    const order = await models.asked([net], async () => {
      const { order } = (await models.model(net)).preprocessing;
      if (++times === 1) await sidecar({ preprocess: "caffe" });
      return order;
    });
    assert.deepEqual([order, times], ["bgr", 2]);
  });

  it("are asked again when reading failed for that, and not for anything else", async () => {
    const net = at("net.h5");
    let times = 0;
    const read = await models.asked([net], async () => {
      const { graph } = await models.model(net);
      if (++times === 1) {
        const written = at("net.h5.new");
        await copyFile(MODEL, written);
        await rename(written, net);
      }
      const [weight] = graph.layers.flatMap(({ weights }) => weights);
      return (await graph.weights.read(weight?.ref ?? "")).data.length;
    });
    assert.deepEqual([read > 0, times], [true, 2]);
    times = 0;
    const failing = models.asked([net], () => {
      times++;
      throw new RangeError("of its own");
    });
    await assert.rejects(failing, /of its own/);
    assert.equal(times, 1);
  });

  it("are not asked for ever", async () => {
    let times = 0;
    const asked = models.asked([at("net.h5")], () => sidecar({ inputs: { x: ++times } }));
    await assert.rejects(asked, {
      kind: "input",
      message: /'net\.h5\.convlens\.json' was changed again and again/,
    });
    assert.equal(times, 3);
  });

  it("are no more than were asked for: the oldest is let go", async () => {
    for (const name of ["a.h5", "b.h5", "c.h5"]) {
      await copyFile(MODEL, at(name));
      await models.model(at(name));
    }
    assert.equal((await models.held()).models, 2);
  });
});
