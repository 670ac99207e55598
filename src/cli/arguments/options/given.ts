import { PICTURE_NAMES } from "../../../shared/picture-kinds.ts";
import { EXPLAINS, LOOKS, OPENS, RUNS, type OptionHelp } from "./users.ts";

/** What is fed, and how the model is read. */
export const GIVEN = {
  image: {
    value: "FILE",
    help: `a picture (${PICTURE_NAMES.join(", ")}); compare: one for both, or two`,
    of: RUNS,
    beside: { doctor: ["model"] },
  },
  input: {
    value: "[NAME=]FILE.npy",
    help: "a preprocessed float32 array (N,H,W,C), used as it is; export: the input's shape, such as 1x3x224x224",
    of: [...LOOKS, "compare", "report", "export"],
  },
  preprocess: {
    value: "HOW",
    help: "auto, a name, or mean=..,std=..,scale=..,order=rgb|bgr,fit=crop|squash,cropped=..,interpolation=bilinear|bicubic",
    of: OPENS,
    beside: { filters: ["check-with"], doctor: ["model"] },
  },
  size: {
    value: "HxW",
    help: "size of the input, for a model that leaves it free: 224x224, a length, or DxHxW",
    of: OPENS,
    beside: { filters: ["check-with"], doctor: ["model"] },
  },
  structure: {
    value: "FILE|NAME",
    help: "for a file of weights: the .pt2 or ONNX file of its network, a name (timm/resnet50), or none",
    of: OPENS,
  },
  "check-with": {
    value: "DIR",
    help: "for a file of weights: pictures like its training's, to check its network",
    of: OPENS,
  },
  labels: {
    value: "FILE",
    help: "class names, one a line or a JSON array",
    of: ["inspect", "predict", ...EXPLAINS, "profile", "doctor"],
    beside: { doctor: ["model"] },
  },
} as const satisfies Record<string, OptionHelp>;
