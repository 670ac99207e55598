/** What an attack and a maximisation do to each kind of output: what the target says, or a refusal that is true. */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { angles, pointMaps, tokenFeatures } from "../support/small-outputs.ts";
import { severalInputs } from "../support/several-inputs.ts";
import { type Document, json, refused, sample, WASM } from "./cli-support.ts";
import { data } from "./support.ts";

const PICTURE = ["--image", sample("coffee.png")];
const SHORT = ["--method", "de", "--steps", "2", "--population", "6"];

/** What is asked, and what of the answer is looked at: a refusal, or some of the document. */
type Row = readonly [args: readonly string[], wanted: RegExp | Readonly<Record<string, unknown>>];

describe("attacked and maximised, by the kind of output", () => {
  let folder: string;
  const made = (name: string): string => path.join(folder, name);
  const target = (name: string): string => data(`targets/${name}`);
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "convlens-kinds-"));
    await writeFile(made("points.onnx"), pointMaps());
    await writeFile(made("angles.onnx"), angles());
    await writeFile(made("tokens.onnx"), tokenFeatures());
    await writeFile(made("siamese.onnx"), severalInputs("siamese"));
  });
  after(() => rm(folder, { recursive: true }));

  const compared = async (args: readonly string[], wanted: Row[1]): Promise<void> => {
    if (wanted instanceof RegExp) return refused(2, wanted, ...args);
    const found: Document = await json(...args);
    const own = Object.keys(wanted).map((key) => [key, found[key]]);
    assert.deepEqual(Object.fromEntries(own), wanted);
  };

  const up = { toward: "high", trueClass: null, probability: null };
  const ATTACKS: Readonly<Record<string, readonly [file: () => string, rows: readonly Row[]]>> = {
    // boxes that are decoded from raw heads are an output of their own, which the answer names
    "boxes of raw heads": [
      () => data("shapes/centres.onnx"),
      [[[], { output: "boxes", kind: "detection" }]],
    ],
    "a box": [
      () => target("yolo.onnx"),
      [
        [["--target", "box:240"], { target: "box:240", output: "output0" }],
        [["--target", "pixel:1,1"], /There is no pixel in it\./],
      ],
    ],
    segmentation: [
      () => target("seg.onnx"),
      [
        [[], { target: "predicted" }],
        [
          ["--target", "pixel:3,4,class:0"],
          /^convlens: At pixel:3,4 class [1-9]\d* has the highest score, not 0: .* Say --target pixel:3,4,class:/,
        ],
      ],
    ],
    // points do not exclude each other: a point's value at a position grows or falls
    points: [
      () => made("points.onnx"),
      [
        [["--target", "pixel:2,2,class:0"], { ...up, target: "pixel:2,2" }],
        [["--target", "pixel:2,2,class:1", "--toward", "low"], { toward: "low", trueClass: null }],
        [[], /is heat maps of points: .* Say what of it is asked about/],
      ],
    ],
    tokens: [
      () => made("tokens.onnx"),
      [
        [["--target", "token:5,class:2"], { ...up, target: "token:5" }],
        [[], /is an embedding.*token:N \(0 to 16\)/],
      ],
    ],
    "an embedding": [
      () => target("embedding.onnx"),
      [
        [["--target", "unit:2"], { ...up, target: "unit:2" }],
        [["--like", sample("chelsea.png")], { toward: "high" }],
      ],
    ],
    "one value": [
      () => target("value.h5"),
      [
        [[], up],
        [["--toward", "low"], { toward: "low" }],
        [["--class", "0"], /\(regression\) has no classes there/],
      ],
    ],
    labels: [() => target("labels.h5"), [[[], { kind: "classes", toward: null }]]],
  };
  for (const [kind, [file, rows]] of Object.entries(ATTACKS))
    it(`attack: ${kind}`, async () => {
      for (const [args, wanted] of rows)
        await compared(["attack", file(), ...PICTURE, ...SHORT, ...args, ...WASM], wanted);
    });

  it("attack: of several inputs it says what can be asked", async () => {
    await refused(
      3,
      /takes 2 inputs \(left, right\): predict, activations, cam and attribute take them all\./,
      ...["attack", made("siamese.onnx"), ...PICTURE, ...SHORT, ...WASM],
    );
  });

  const MAXIMISED: typeof ATTACKS = {
    "boxes of raw heads": [
      () => data("shapes/centres.onnx"),
      [
        [["--target", "box:3,class:1"], { target: "box:3", output: "boxes" }],
        [["--output", "boxes", "--target", "box:3,class:1"], { target: "box:3" }],
        [["--class", "1"], /'boxes' is boxes.*box:N/],
      ],
    ],
    segmentation: [
      () => target("seg.onnx"),
      [
        [["--class", "1"], { target: "mean" }],
        [["--target", "predicted"], /there is none: give one/],
      ],
    ],
    points: [
      () => made("points.onnx"),
      [[["--target", "pixel:2,2,class:1"], { target: "pixel:2,2" }]],
    ],
    values: [
      () => made("angles.onnx"),
      [
        [["--target", "unit:1"], { meaning: "what raises the value" }],
        [["--class", "1"], /has \d values and no classes: name one with --target unit:N/],
      ],
    ],
    "one value": [
      () => target("value.h5"),
      [
        [["--class", "1"], { meaning: "what raises the value" }],
        [["--class", "0"], { meaning: "what lowers the value" }],
      ],
    ],
  };
  for (const [kind, [file, rows]] of Object.entries(MAXIMISED))
    it(`maximize: ${kind}`, async () => {
      for (const [args, wanted] of rows)
        await compared(["maximize", file(), "--steps", "2", ...args, ...WASM], wanted);
    });
});
