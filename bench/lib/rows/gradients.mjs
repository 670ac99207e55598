/** Loops over gradients with respect to the picture: maximisation and attributions. */
import { atLeast, warm, warmPeer } from "../sides.mjs";

const LOOPS = /hand-written/;
const LIBRARIES = /lucent|tf-keras-vis|captum|grad-cam/;

const maximize = (name, wanted, models, quick) => ({
  name,
  kind: "warm",
  ...{ models, quick, arrays: ["reached"] },
  ours: warm("maximize", wanted),
  peers: [
    warmPeer("hand-written torch", "torch", "maximize", wanted),
    warmPeer("hand-written tf.function", "tf", "maximize", wanted),
    warmPeer("lucent", "torch", "maximize-lucent", wanted),
    warmPeer("tf-keras-vis", "tf", "maximize-tf-keras-vis", wanted),
  ],
  aims: [atLeast(1.2, LOOPS, models), atLeast(5, LIBRARIES, models)],
});

const layer = (about) => about.maximized;
const path = { steps: 50, batch: 8 };
const noisy = { steps: 25, batch: 8 };
const masks = { layer: (about) => about.cam, batch: 16 };

export const gradientRows = [
  maximize("maximize-1", { layer, steps: 30 }, ["lite0", "mobilenetv2", "resnet50"], ["lite0"]),
  maximize("maximize-16", { layer, filters: 16, steps: 30 }, ["lite0"], []),
  maximize("maximize-class", { steps: 100 }, ["lite0"], []),
  {
    name: "integrated-gradients",
    kind: "warm",
    models: ["lite0", "resnet50"],
    quick: ["lite0"],
    arrays: ["attribution"],
    compare: "correlation",
    ours: warm("integrated-gradients", path),
    peers: [
      warmPeer("captum", "torch", "integrated-gradients-captum", path),
      warmPeer("hand-written torch", "torch", "integrated-gradients", path),
      warmPeer("hand-written tf.function", "tf", "integrated-gradients", path),
    ],
    aims: [
      atLeast(2, LIBRARIES, ["lite0", "resnet50"]),
      atLeast(1.2, LOOPS, ["lite0", "resnet50"]),
    ],
  },
  {
    name: "smoothgrad",
    kind: "warm",
    models: ["lite0", "resnet50"],
    quick: [],
    arrays: ["attribution"],
    compare: "correlation",
    ours: warm("smoothgrad", noisy),
    peers: [
      warmPeer("captum", "torch", "smoothgrad-captum", noisy),
      warmPeer("hand-written torch", "torch", "smoothgrad", noisy),
      warmPeer("hand-written tf.function", "tf", "smoothgrad", noisy),
      warmPeer("tf-keras-vis", "tf", "smoothgrad-tf-keras-vis", noisy),
    ],
    aims: [
      atLeast(2, LIBRARIES, ["lite0", "resnet50"]),
      atLeast(1.2, LOOPS, ["lite0", "resnet50"]),
    ],
  },
  {
    name: "score-cam",
    kind: "warm",
    models: ["lite0"],
    quick: [],
    arrays: ["signed"],
    ours: warm("score-cam", masks),
    peers: [
      warmPeer("pytorch-grad-cam", "torch", "score-cam-grad-cam", masks),
      warmPeer("hand-written torch", "torch", "score-cam", masks),
      warmPeer("hand-written tf.function", "tf", "score-cam", masks),
    ],
    aims: [atLeast(2, LIBRARIES, ["lite0"]), atLeast(1.2, LOOPS, ["lite0"])],
  },
];
