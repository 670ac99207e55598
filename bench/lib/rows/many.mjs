/** Many inputs: one-pixel attacks on a small network, a census over a folder of pictures. `units` turns seconds into a rate. */
import { atLeast, warm, warmPeer } from "../sides.mjs";

const population = { batch: 400, steps: 21 };
const corners = { batch: 400 };
const folder = { batch: 32 };
const EVALUATIONS = 400 * 21;
const CORNERS = 8 * 32 * 32;
const PICTURES = 64;

export const manyRows = [
  {
    name: "one-pixel",
    kind: "warm",
    models: ["digits"],
    quick: ["digits"],
    arrays: ["probabilities"],
    units: { name: "evaluations", count: EVALUATIONS },
    ours: warm("attack", population),
    peers: [
      warmPeer("hand-written torch", "torch", "attack", population),
      warmPeer("hand-written tf.function", "tf", "attack", population),
      warmPeer("onnxruntime", "torch", "attack-onnxruntime", population),
      warmPeer("SciPy's DE on tf.function", "tf", "attack-scipy", population),
    ],
    aims: [atLeast(1.2, /torch|tf.function/, ["digits"])],
  },
  {
    name: "one-pixel-exact",
    kind: "warm",
    models: ["digits"],
    quick: [],
    arrays: ["map"],
    units: { name: "evaluations", count: CORNERS },
    ours: warm("attack-exact", corners),
    peers: [
      warmPeer("hand-written torch", "torch", "attack-exact", corners),
      warmPeer("hand-written tf.function", "tf", "attack-exact", corners),
      warmPeer("onnxruntime", "torch", "attack-exact-onnxruntime", corners),
    ],
    aims: [atLeast(5, /tf.function/, ["digits"])],
  },
  {
    name: "census",
    kind: "warm",
    models: ["lite0", "digits"],
    quick: [],
    arrays: ["max", "mean"],
    units: { name: "pictures", count: PICTURES },
    ours: warm("census", folder),
    peers: [
      warmPeer("torch hooks", "torch", "census", folder),
      warmPeer("multi-output tf.function", "tf", "census", folder),
    ],
    aims: [atLeast(1.2, /./, ["lite0"])],
  },
];
