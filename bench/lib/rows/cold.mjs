/** From a command to its files on disk. */
import { atLeast, cli, coldPeer } from "../sides.mjs";

const ALL = ["lite0", "resnet50", "vgg16"];
const maps = { layer: (about) => about.maps };
const cam = { layer: (about) => about.cam };

/** A picture goes in, and pictures come out, at a layer. */
const pictured = (name, command, { layer }, more, { quick, peers, aims }) => ({
  ...{ name, kind: "cold", models: ALL, arrays: [], quick, peers, aims },
  ours: ({ h5, about, engine }, out) =>
    cli(
      ...[command, h5, "--image", about.picture, "--layer", layer(about), ...more(about)],
      ...["--engine", engine, "--out", out],
    ),
});

export const coldRows = [
  {
    name: "filters-cold",
    kind: "cold",
    models: ["vgg16", "lite0"],
    quick: ["vgg16"],
    arrays: ["kernel"],
    ours: ({ h5 }, out) => cli("filters", h5, "--out", out),
    peers: [coldPeer("keras + matplotlib", "tf", "filters")],
    aims: [
      {
        models: ["vgg16"],
        text: ">= 20 x, < 200 MB",
        holds: (ours, theirs) =>
          theirs !== null && theirs.seconds / ours.seconds >= 20 && (ours.peakMegabytes ?? 0) < 200,
      },
    ],
  },
  pictured(...["activations-cold", "activations", maps, () => []], {
    quick: [],
    peers: [coldPeer("keras + matplotlib", "tf", "activations", maps)],
    aims: [],
  }),
  pictured(...["gradcam-cold", "cam", cam, (about) => ["--class", String(about.class)]], {
    quick: ["lite0"],
    peers: [
      coldPeer("captum", "torch", "gradcam-captum", cam),
      coldPeer("hand-written tf.function", "tf", "gradcam", cam),
    ],
    aims: [
      atLeast(4, /captum/, ["lite0"]),
      {
        models: ["vgg16"],
        of: /captum/,
        text: "< 2.5 s, < 1300 MB",
        holds: (ours) => ours.seconds < 2.5 && (ours.peakMegabytes ?? 0) < 1300,
      },
    ],
  }),
];
