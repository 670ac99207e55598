/** What is measured: one entry per row, with the peers to beat. Adding a row is adding an entry here. */
import path from "node:path";
import { root } from "../../scripts/lib/places.mjs";
import { CLASS, PICTURE } from "./models.mjs";
import { peersFolder } from "./environments.mjs";

/**
 * @typedef {object} Context one model in one row
 * @property {string} h5  @property {string | null} pt  @property {string} input the array that warm sides are fed
 * @property {{ cam: string, maps: string, scaling: object }} about
 * @property {string} engine  @property {Record<string, string>} pythons
 */

const node = process.execPath;
const cli = (command, ...args) => ({
  command: node,
  args: [path.join(root, "dist", "cli.js"), command, ...args],
});
const warm = (task, { h5, input, engine }, out, layer) => ({
  command: node,
  args: [
    ...["--import=tsx", path.join(root, "bench", "warm.ts"), "serve", task],
    ...[h5, input, out, layer, String(CLASS), engine],
  ],
});

/** A peer's command line; `env` says which interpreter and which file of the model it takes. */
const peer = (name, env, mode, task, extra) => ({
  name,
  env,
  side: (context, out) => ({
    command: context.pythons[env],
    args: [
      ...[path.join(peersFolder, `${env}_peer.py`), mode, task, "--out", out],
      ...["--model", env === "torch" ? context.pt : context.h5],
      ...extra(context),
    ],
  }),
});
const picture = ({ about }) => ["--image", PICTURE, "--scaling", JSON.stringify(about.scaling)];
const target = ({ about }) => ["--layer", about.cam, "--class", String(CLASS)];
const array = ({ input }) => ["--input", input];

const atLeast = (times, models) => ({
  models,
  text: `>= ${times} x`,
  holds: (ours, theirs) => theirs !== null && theirs.seconds / ours.seconds >= times,
});

export const ROWS = [
  {
    name: "filters-cold",
    kind: "cold",
    models: ["vgg16", "lite0"],
    quick: ["vgg16"],
    arrays: ["kernel"],
    ours: ({ h5 }, out) => cli("filters", h5, "--out", out),
    peers: [peer("keras + matplotlib", "tf", "cold", "filters", () => [])],
    aim: {
      models: ["vgg16"],
      text: "< 1 s, < 200 MB",
      holds: (ours) => ours.seconds < 1 && (ours.peakMegabytes ?? 0) < 200,
    },
  },
  {
    name: "activations-cold",
    kind: "cold",
    models: ["lite0", "resnet50", "vgg16"],
    quick: ["lite0"],
    arrays: [],
    ours: ({ h5, about, engine }, out) =>
      cli(
        ...["activations", h5, "--image", PICTURE, "--layer", about.maps],
        ...["--engine", engine, "--out", out],
      ),
    peers: [
      peer("keras + matplotlib", "tf", "cold", "activations", (context) => [
        ...[...picture(context), "--layer", context.about.maps],
      ]),
    ],
  },
  {
    name: "activations-warm",
    kind: "warm",
    models: ["lite0", "resnet50", "vgg16"],
    quick: ["lite0"],
    arrays: ["*"],
    ours: (context, out) => warm("activations", context, out, "auto"),
    peers: [
      peer("multi-output tf.function", "tf", "serve", "activations", array),
      peer("torch hooks", "torch", "serve", "activations", array),
    ],
  },
  {
    name: "gradcam-cold",
    kind: "cold",
    models: ["lite0", "resnet50", "vgg16"],
    quick: ["lite0"],
    arrays: [],
    ours: ({ h5, about, engine }, out) =>
      cli(
        ...["cam", h5, "--image", PICTURE, "--layer", about.cam, "--class", String(CLASS)],
        ...["--engine", engine, "--out", out],
      ),
    peers: [
      peer("captum", "torch", "cold", "gradcam-captum", (c) => [...picture(c), ...target(c)]),
      peer("hand-written tf.function", "tf", "cold", "gradcam", (c) => [
        ...[...picture(c), ...target(c)],
      ]),
    ],
    aim: { ...atLeast(3, ["lite0"]), of: "captum" },
  },
  {
    name: "gradcam-warm",
    kind: "warm",
    models: ["lite0", "mobilenetv2", "resnet50", "vgg16"],
    quick: ["lite0", "resnet50"],
    arrays: ["signed"],
    ours: (context, out) => warm("gradcam", context, out, context.about.cam),
    peers: [
      peer("captum", "torch", "serve", "gradcam-captum", (c) => [...array(c), ...target(c)]),
      peer("hand-written torch", "torch", "serve", "gradcam", (c) => [...array(c), ...target(c)]),
      peer("hand-written tf.function", "tf", "serve", "gradcam", (c) => [
        ...[...array(c), ...target(c)],
      ]),
      peer("tf-keras-vis", "tf", "serve", "gradcam-tf-keras-vis", (c) => [
        ...[...array(c), ...target(c)],
      ]),
    ],
    aim: { ...atLeast(1, ["lite0"]), of: "captum" },
  },
];
