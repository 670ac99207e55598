/** Files that their libraries run but do not differentiate, and files of weights. */
import { pictureCode, PICTURE_IMPORTS } from "./picture.ts";
import { imageOf, layerOf, text, type Facts } from "./types.ts";

const PROBABILITIES = `for index in np.argsort(-scores)[:5]:
    print(index, scores[index])
`;

/** A batch of a size that the file fixes is filled with the same picture. */
const FIXED = `batch = session.get_inputs()[0].shape[0]
x = np.repeat(x, batch, 0) if isinstance(batch, int) else x
`;

/** onnxruntime: outputs, and maps as an output more. */
export function onnxCode(facts: Facts): string | null {
  const { summary, shown } = facts;
  const layer = layerOf(facts);
  const image = imageOf(facts);
  if (image === null) return null;
  const maps = shown.kind === "activations" && layer !== null;
  if (!maps && shown.kind !== "model") return null;
  const [, rows, columns, last] = summary.inputs[0]?.shape ?? [];
  // channels are few; where they stand first, rows and columns follow
  const order = (rows ?? 0) <= 4 && (columns ?? 0) > 4 && (last ?? 0) > 4 ? "NCHW" : "NHWC";
  const start = `${PICTURE_IMPORTS}${maps ? "import onnx\n" : ""}import onnxruntime

`;
  const picture = pictureCode(summary, image, order);
  if (!maps)
    return `${start}session = onnxruntime.InferenceSession(${text(summary.path)})


${picture}
${FIXED}scores = session.run(None, {session.get_inputs()[0].name: x})[0][0]
${PROBABILITIES}`;
  const names = [layer, ...(summary.layers.find(({ name }) => name === layer)?.aliases ?? [])];
  return `${start}model = onnx.load(${text(summary.path)})
names = ${JSON.stringify(names)}
node = next(n for n in model.graph.node if n.name in names or set(n.output) & set(names))
model.graph.output.append(onnx.ValueInfoProto(name=node.output[0]))  # one output more
session = onnxruntime.InferenceSession(model.SerializeToString())


${picture}
${FIXED}maps = session.run([node.output[0]], {session.get_inputs()[0].name: x})[0][0]
print(maps.shape, maps.min(), maps.max())
`;
}

/** TFLite's interpreter: outputs of one picture; null for whatever else is shown. */
export function tfliteCode({ summary, shown }: Facts): string | null {
  if (shown.kind !== "model" || shown.image === null) return null;
  return `${PICTURE_IMPORTS}import tensorflow as tf

interpreter = tf.lite.Interpreter(${text(summary.path)})
interpreter.allocate_tensors()


${pictureCode(summary, shown.image, "NHWC")}
(given,), (wanted,) = interpreter.get_input_details(), interpreter.get_output_details()
if given["dtype"] != np.float32:  # an integer network: convlens runs its float surrogate
    scale, zero = given["quantization"]
    x = np.round(x / scale + zero)
interpreter.set_tensor(given["index"], x.astype(given["dtype"]))
interpreter.invoke()
scores = interpreter.get_tensor(wanted["index"])[0]
${PROBABILITIES}`;
}

/** `serving_default` of a SavedModel: outputs of one picture; null for whatever else is shown. */
export function savedModelCode({ summary, shown }: Facts): string | null {
  if (shown.kind !== "model" || shown.image === null) return null;
  return `${PICTURE_IMPORTS}import tensorflow as tf

network = tf.saved_model.load(${text(summary.path)}).signatures["serving_default"]


${pictureCode(summary, shown.image, "NHWC")}
(name,) = network.structured_input_signature[1]
scores = next(iter(network(**{name: tf.constant(x)}).values())).numpy()[0]
${PROBABILITIES}`;
}

/** A state dict, or safetensors: filters. */
export function weightsCode(facts: Facts, kind: "state dict" | "safetensors"): string | null {
  const { summary, shown } = facts;
  const layer = layerOf(facts);
  if (shown.kind !== "filters" || layer === null) return null;
  const load =
    kind === "safetensors"
      ? `from safetensors.torch import load_file

weights = load_file(${text(summary.path)})
`
      : `import torch

weights = torch.load(${text(summary.path)}, map_location="cpu", weights_only=True)
while not any(hasattr(value, "shape") for value in weights.values()):  # inside a checkpoint
    weights = next(value for value in weights.values() if isinstance(value, dict))
`;
  return `import numpy as np
${load}kernel = next(value for name, value in weights.items() if name.endswith(${text(`${layer}.weight`)})).float().numpy()
print(kernel.shape, kernel.min(), kernel.max())  # filters, inputs, rows, columns
print("norms", np.sqrt((kernel**2).sum((1, 2, 3))))
${shown.filter === null ? "" : `print(kernel[${shown.filter}])\n`}`;
}
