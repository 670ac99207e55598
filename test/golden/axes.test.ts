/** Networks over one spatial axis (sound, EEG) and three (video, scans): what PyTorch computes, from the command line, on each engine. */
import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { sizeOf } from "../../src/base/tensor.ts";
import { nativeStatus } from "../../src/engine/index.ts";
import { decodeNpy, encodeNpy } from "../../src/pictures/index.ts";
import { convlens, json, refused } from "./cli-support.ts";
import { type Numbers, tensorOf } from "./recorded.ts";
import { model } from "./support.ts";

/** What `make-axes.py` wrote of a network. */
interface Known {
  readonly input: Numbers;
  readonly output: Numbers;
  readonly maps: Numbers;
  readonly cam: Numbers;
  readonly gradient: Numbers;
}
/** The layer that is looked at, and where its channels stand in the file's order. */
const NETWORKS = {
  ...{ m5: "/relu2/Relu", eegnet: "/elu2/Elu" },
  ...{ r3d: "/layer2/Relu", unet3d: "/down2/down2.2/PRelu" },
} as const;
const ENGINES = ["wasm", ...(nativeStatus().ready ? ["native"] : [])];

describe("networks over one axis and three", () => {
  let folder: string;
  const at = (name: string): string => path.join(folder, name);
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "convlens-axes-"));
  });
  after(() => rm(folder, { recursive: true }));

  const known = async (name: string): Promise<Known> =>
    JSON.parse(await readFile(model(`axes/${name}.json`), "utf8")) as Known;
  const written = async (name: string): Promise<Numbers> => {
    const { shape, data } = decodeNpy(await readFile(at(name)), name);
    return { shape, data: [...data] };
  };
  const same = (found: Numbers, wanted: Numbers, what: string): void => {
    assert.equal(found.data.length, sizeOf(wanted.shape), what);
    const scale = Math.max(...wanted.data.map(Math.abs));
    const worst = Math.max(...wanted.data.map((n, i) => Math.abs(n - (found.data[i] ?? NaN))));
    assert.ok(worst <= 1e-4 * scale, `${what}: off by ${worst} of ${scale}`);
  };
  /** [C, ...] as [..., C]. */
  const channelsLast = ({ shape: [channels = 1, ...rest], data }: Numbers): Numbers => {
    const cells = sizeOf(rest);
    const moved = data.map(
      (_, i) => data[(i % channels) * cells + Math.floor(i / channels)] ?? NaN,
    );
    return { shape: [...rest, channels], data: moved };
  };

  for (const [name, layer] of Object.entries(NETWORKS))
    for (const engine of ENGINES)
      it(`${name} on ${engine}`, async () => {
        const { input, output, maps, cam, gradient } = await known(name);
        await writeFile(at("x.npy"), encodeNpy(tensorOf(input)));
        const [classes = 1, ...cells] = output.shape;
        const last = String(classes - 1);
        // of maps of scores, their mean
        const place = cells.length > 0 ? ["--target", "mean"] : [];
        const ask = (command: string, ...words: string[]): ReturnType<typeof json> =>
          json(
            ...[command, model(`axes/${name}.onnx`), "--input", at("x.npy"), ...words],
            ...["--engine", engine, "--out", folder],
          );
        const [scores] = (await ask("predict")).arrays;
        same(await written(scores?.file ?? ""), channelsLast(output), "scores");
        const { arrays } = await ask("activations", "--layer", layer);
        same(await written(arrays[0]?.file ?? ""), channelsLast(maps), "maps");
        const every = Array.from({ length: classes }, (_, k) => k).join(",");
        await ask("cam", "--layer", layer, "--class", every, ...place);
        same(await written("signed.npy"), cam, "Grad-CAM");
        await ask("attribute", "--method", "gradient", "--class", last, ...place);
        const slope = await written("attribution.npy");
        same(slope, slope.shape.at(-1) === 1 ? gradient : channelsLast(gradient), "gradient");
      });

  it("kernels of volumes are those of the file, slice by slice", async () => {
    for (const [layer, shape] of [
      ["/bottom/bottom.0/Conv", [3, 3, 3, 8, 8]],
      ["/up1/ConvTranspose", [3, 3, 3, 16, 4]],
    ] as const) {
      const { arrays } = await json("filters", model("axes/unet3d.onnx"), "--layer", layer);
      assert.deepEqual(arrays[0]?.shape, shape);
    }
  });
  it("what is made of pictures alone refuses a volume by name", async () => {
    const of = (command: string): string[] => [command, model("axes/r3d.onnx")];
    const { input } = await known("r3d");
    await writeFile(at("x.npy"), encodeNpy(tensorOf(input)));
    const fed = ["--input", at("x.npy")];
    await refused(3, /'x' is a volume/, ...of("attribute"), ...fed, "--method", "occlusion");
    await refused(2, /'x' is a volume/, ...of("attack"), ...fed);
    const { code, err } = await convlens(...of("maximize"), "--class", "1", "--method", "robust");
    assert.deepEqual([code, err.includes("'x' is a volume: take plain.")], [2, true]);
    await refused(2, /not a picture: use --input/, ...of("predict"), "--image", model("../golden/data/chelsea_224.png")); // prettier-ignore
  });
  it("take the length of the array where the file leaves it open", async () => {
    for (const shape of [
      [1, 300],
      [300, 1],
      [1, 1, 500],
    ]) {
      await writeFile(at("x.npy"), encodeNpy(tensorOf({ shape, data: new Array<number>(sizeOf(shape)).fill(0.5) }))); // prettier-ignore
      const { arrays } = await json(
        ...["attribute", model("axes/m5.onnx"), "--input", at("x.npy"), "--method", "gradient"],
      );
      assert.deepEqual(arrays[0]?.shape, [1, sizeOf(shape), 1]);
    }
    await writeFile(at("x.npy"), encodeNpy(tensorOf({ shape: [2, 3], data: [1, 2, 3, 4, 5, 6] })));
    const asked = ["predict", model("axes/m5.onnx"), "--input", at("x.npy")];
    await refused(3, /x\.npy has the shape \(2, 3\), but/, ...asked);
  });
  it("count filters over a folder of arrays", async () => {
    const { input } = await known("m5");
    await mkdir(at("arrays"));
    await writeFile(at("arrays/one.npy"), encodeNpy(tensorOf(input)));
    const found = await json(
      "census",
      model("axes/m5.onnx"),
      "--images",
      at("arrays"),
      "--size",
      "400",
    );
    assert.deepEqual(
      found.layers.map((own) => [own["name"], own["filters"]]),
      [
        ["/relu1/Relu", 6],
        ["/relu2/Relu", 12],
      ],
    );
  });
});
