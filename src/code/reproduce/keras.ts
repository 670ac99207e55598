/** Keras: the model is loaded as it is, its last activation taken off, so that class scores are logits. */
import { ascentCode, attributionFormula, camFormula, NHWC } from "./explain.ts";
import { pictureCode, PICTURE_IMPORTS } from "./picture.ts";
import { classLine, imageOf, layerOf, list, onlyTarget, text, type Facts } from "./types.ts";
import type { MaximizeQuestion, Targets } from "../../shared/question.ts";
import { scoredBy, type Asking, type Scored } from "./scored.ts";
import { TF } from "./target.ts";

/** Null: it cannot be said in a few lines. */
export function kerasCode(facts: Facts, version: 2 | 3): string | null {
  const body = bodyOf(facts);
  if (body === null) return null;
  const { summary } = facts;
  const load =
    version === 2
      ? "from tensorflow import keras  # TensorFlow 2.15 or older; else: import tf_keras as keras"
      : "import keras";
  const start = version === 2 ? "" : 'import os\n\nos.environ["KERAS_BACKEND"] = "tensorflow"\n';
  const image = imageOf(facts);
  const picture = image === null ? "" : `\n\n${pictureCode(summary, image, "NHWC")}`;
  return `${start}${PICTURE_IMPORTS}import tensorflow as tf
${load}

model = keras.models.load_model(${text(summary.path)}, compile=False)
${picture}
${body}`;
}

function bodyOf(facts: Facts): string | null {
  const { shown } = facts;
  const layer = layerOf(facts);
  if (layer?.includes("/")) return null; // inside a nested model: its graph is another
  const needed = imageOf(facts) !== null;
  switch (shown.kind) {
    case "filters":
      return layer === null ? null : filters(shown.filter, layer);
    case "activations":
      return needed && layer !== null
        ? `maps = keras.Model(model.inputs, model.get_layer(${text(layer)}).output)(x).numpy()[0]
print(maps.shape, maps.min(), maps.max())
`
        : null;
    case "cam": {
      const formula = camFormula(shown, NHWC);
      const scored = scoredBy(facts.summary, shown, asking(facts));
      return needed && layer !== null && formula !== null && scored
        ? cam(scored, layer, formula)
        : null;
    }
    case "attribute": {
      const formula = attributionFormula(shown, blackOf(facts));
      const scored = scoredBy(facts.summary, shown, asking(facts));
      return needed && formula !== null && scored
        ? `${gradient(scored)}${formula}print(attribution.shape, attribution.min(), attribution.max())\n`
        : null;
    }
    case "maximize":
      return maximize(facts, shown);
    default:
      return needed ? `${logits(facts)}${scores(facts)}` : "model.summary()\n";
  }
}

/** A black picture in the network's own input, as an array that spreads over its axes. */
const blackOf = ({ summary }: Facts): string => {
  const { mean, std } = summary.preprocessing;
  return `np.broadcast_to(-np.float32(${list(mean)}) / np.float32(${list(std)}), x.shape)`;
};

function logits({ summary }: Facts): string {
  const last = summary.layers.at(-1);
  const apart = /^(Activation|Softmax)$/.test(last?.className ?? "");
  const end = apart
    ? "end = model.layers[-1].input  # class scores are logits, before the softmax\n"
    : "model.layers[-1].activation = keras.activations.linear  # class scores are logits, before the softmax\nend = model.outputs[0]\n";
  return `${end}logits = keras.Model(model.inputs, end)\n`;
}

/** One sigmoid speaks for two classes. */
const isBinary = ({ summary }: Facts): boolean =>
  summary.classes === 2 && summary.outputs[0]?.shape.at(-1) === 1;
const scoreOf = (facts: Facts): string =>
  isBinary(facts) ? "(2 * CLASS - 1) * scores[:, 0]" : "scores[:, CLASS]";
const classOf = (facts: Facts, targets: Targets): string =>
  classLine(targets, isBinary(facts) ? "int(logits(x)[0, 0] > 0)" : "int(np.argmax(logits(x)[0]))");

const scores = (facts: Facts): string => `scores = logits(x).numpy()[0]
${isBinary(facts) ? "probabilities = 1 / (1 + np.exp(-scores))" : "probabilities = np.exp(scores - scores.max())\nprobabilities /= probabilities.sum()"}
for index in np.argsort(-scores)[:5]:
    print(index, probabilities[index], scores[index])
`;

/** What is said is a model: the whole, its first output, or what is before the last activation. */
const asking = (facts: Facts): Asking => ({
  dialect: TF,
  ofPicture: (targets) => ({
    ...{ setup: `${logits(facts)}${classOf(facts, targets)}\n`, network: "logits" },
    ...{ score: scoreOf(facts), said: '"class", CLASS, ' },
  }),
  say: (raw) => {
    if (!raw)
      return endsSimply(facts)
        ? { setup: `${logits(facts)}say = logits\n\n\n`, network: "logits" }
        : null;
    const one = facts.summary.outputs.length === 1;
    const own = one ? "model" : "keras.Model(model.inputs, model.outputs[0])";
    return { setup: `say = ${own}\n\n\n`, network: "say" };
  },
});

/** Whether the last layer is the one that makes the scores, with or without its activation. */
const endsSimply = ({ summary }: Facts): boolean =>
  summary.outputs.length === 1 &&
  /^(Activation|Softmax|Conv2D|Dense)$/.test(summary.layers.at(-1)?.className ?? "");

/** What a layer gives is caught when it is called: in Keras 3 `layer.output` need not be of the graph that is run. */
const cam = (
  { setup, network, score, said }: Scored,
  layer: string,
  formula: string,
): string => `${setup}layer = model.get_layer(${text(layer)})
call = layer.call


def keep(*args, **kwargs):
    global A
    A = call(*args, **kwargs)
    return A


layer.call = keep
with tf.GradientTape() as tape:
    inputs = tf.constant(x)
    tape.watch(inputs)
    scores = ${network}(inputs)
    score = ${score}
g = tape.gradient(score, A).numpy()
A = A.numpy()
${formula}print(${said}"largest", raw.max())
`;

const gradient = ({ setup, network, score }: Scored): string => `${setup}

def gradient(x):
    x = tf.constant(x, tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(x)
        scores = ${network}(x)
        score = ${score}
    return tape.gradient(score, x).numpy()


`;

function filters(filter: number | null, layer: string): string {
  const one = filter === null ? "" : `print(kernel[..., ${filter}])\n`;
  return `kernel, *rest = model.get_layer(${text(layer)}).get_weights()
print(kernel.shape, kernel.min(), kernel.max())
print("norms", np.sqrt((kernel**2).sum((0, 1, 2))))
${one}`;
}

function maximize(facts: Facts, question: MaximizeQuestion): string | null {
  const { summary } = facts;
  const { scale, mean, std } = summary.preprocessing;
  const only = onlyTarget(question);
  if (!only || "expression" in only) return null;
  const ofClass = "classIndex" in only;
  const shape = (summary.inputs[0]?.shape ?? []).slice(1).map((axis) => axis ?? 0);
  const ends = `(np.float32([0, 255])[:, None] * np.float32(${scale}) - np.float32(${list(mean)})) / np.float32(${list(std)})`;
  const value = ofClass
    ? `value = ${isBinary(facts) ? "(2 * CLASS - 1) * target(x)[0, 0]" : "target(x)[0, CLASS]"}`
    : `value = tf.reduce_mean(target(x)[..., ${only.filter}])`;
  const target = ofClass
    ? `${logits(facts)}CLASS = ${only.classIndex}\ntarget = logits\n`
    : `target = keras.Model(model.inputs, model.get_layer(${text(only.layer)}).output)\n`;
  return `${target}

def activation(x):
    x = tf.constant(x, tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(x)
        ${value}
    return float(value), tape.gradient(value, x).numpy()


${ascentCode(question, `(${ends}).min(0)`, `(${ends}).max(0)`, `(1, ${shape.join(", ")})`)}`;
}
