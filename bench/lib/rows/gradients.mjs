/** Loops over gradients with respect to the picture: maximisation and attributions. */
import { atLeast, warm, warmPeer } from "../sides.mjs";

const LOOPS = /hand-written/;
const LIBRARIES = /lucent|tf-keras-vis|captum|grad-cam/;

/**
 * A row whose peers are the hand-written loops and libraries, as [name, environment]: the loops' task is called as ours, a library's
 * has its name at the end.
 * @param {string} task @param {import("../sides.mjs").Wanted} wanted
 */
const loop = (task, wanted, libraries, times, { name = task, models, quick = [], ...rest }) => ({
  ...{ name, kind: "warm", models, quick, ...rest },
  ours: warm(task, wanted),
  peers: [
    warmPeer("hand-written torch", "torch", task, wanted),
    warmPeer("hand-written tf.function", "tf", task, wanted),
    ...libraries.map(([library, env]) =>
      warmPeer(library, env, `${task}-${library.replace("pytorch-", "")}`, wanted),
    ),
  ],
  aims: [atLeast(1.2, LOOPS, models), atLeast(times, LIBRARIES, models)],
});

const maximize = (wanted, row) =>
  loop("maximize", wanted, [["lucent", "torch"], ["tf-keras-vis", "tf"]], 5, row); // prettier-ignore
const layer = (about) => about.maximized;
const path = { steps: 50, batch: 8 };
const noisy = { steps: 25, batch: 8 };
const masks = { layer: (about) => about.cam, batch: 16 };
const SEVERAL = ["lite0", "mobilenetv2", "resnet50"];
const reached = { arrays: ["reached"] };
const attribution = { arrays: ["attribution"], compare: "correlation" };

export const gradientRows = [
  maximize(
    { layer, steps: 30 },
    { name: "maximize-1", models: SEVERAL, quick: ["lite0"], ...reached },
  ),
  maximize(
    { layer, filters: 16, steps: 30 },
    { name: "maximize-16", models: ["lite0"], ...reached },
  ),
  // its end is chaotic in float32, so what is compared is where it begins: see README.md
  maximize({ steps: 100 }, { name: "maximize-class", models: ["lite0"], arrays: ["begun"] }),
  loop("integrated-gradients", path, [["captum", "torch"]], 2, {
    ...{ models: SEVERAL, ...attribution },
  }),
  loop(
    "smoothgrad",
    noisy,
    [
      ["captum", "torch"],
      ["tf-keras-vis", "tf"],
    ],
    2,
    {
      ...{ models: ["lite0", "resnet50"], ...attribution },
    },
  ),
  loop("score-cam", masks, [["pytorch-grad-cam", "torch"]], 2, {
    ...{ models: ["lite0"], arrays: ["signed"] },
  }),
];
