/** What is asked of one picture, warm: forward passes, feature maps, Grad-CAM. */
import { atLeast, warm, warmPeer } from "../sides.mjs";

const cam = { layer: (about) => about.cam };
const five = { ...cam, classes: 5 };
const ALL = ["lite0", "mobilenetv2", "resnet50", "vgg16"];

const forward = (batch, models, quick) => ({
  name: `forward-${batch}`,
  kind: "warm",
  ...{ models, quick, arrays: ["logits"] },
  ours: warm("forward", { batch }),
  peers: [
    warmPeer("torch", "torch", "forward", { batch }),
    warmPeer("tf.function", "tf", "forward", { batch }),
    warmPeer("onnxruntime", "torch", "forward-onnxruntime", { batch }),
  ],
  aims: [atLeast(1.2, /torch|tf.function/, models), atLeast(0.8, /onnxruntime/, models)],
});

export const mapRows = [
  forward(1, ["lite0", "resnet50"], ["lite0"]),
  forward(16, ["lite0", "resnet50"], []),
  {
    name: "activations-warm",
    kind: "warm",
    models: ["lite0", "resnet50", "vgg16"],
    quick: [],
    arrays: ["*"],
    ours: warm("activations"),
    peers: [
      warmPeer("multi-output tf.function", "tf", "activations"),
      warmPeer("torch hooks", "torch", "activations"),
    ],
    aims: [atLeast(1.5, /./, ["lite0", "resnet50", "vgg16"])],
  },
  {
    name: "gradcam-warm",
    kind: "warm",
    models: ALL,
    quick: ["lite0"],
    arrays: ["signed"],
    ours: warm("gradcam", cam),
    peers: [
      warmPeer("captum", "torch", "gradcam-captum", cam),
      warmPeer("pytorch-grad-cam", "torch", "gradcam-grad-cam", cam),
      warmPeer("hand-written torch", "torch", "gradcam", cam),
      warmPeer("hand-written tf.function", "tf", "gradcam", cam),
      warmPeer("tf-keras-vis", "tf", "gradcam-tf-keras-vis", cam),
    ],
    aims: [
      atLeast(1.5, /captum/, ALL),
      atLeast(5, /tf-keras-vis|grad-cam/, ["vgg16"]),
      atLeast(1.2, /hand-written tf.function/, ALL),
    ],
  },
  {
    name: "gradcam-5-classes",
    kind: "warm",
    models: ["lite0", "resnet50"],
    quick: [],
    arrays: ["signed"],
    ours: warm("gradcam", five),
    peers: [
      warmPeer("captum", "torch", "gradcam-captum", five),
      warmPeer("pytorch-grad-cam", "torch", "gradcam-grad-cam", five),
      warmPeer("hand-written torch", "torch", "gradcam", five),
      warmPeer("hand-written tf.function", "tf", "gradcam", five),
    ],
    aims: [
      atLeast(8, /captum/, ["lite0", "resnet50"]),
      atLeast(1.2, /hand-written tf.function/, ["lite0", "resnet50"]),
    ],
  },
];
