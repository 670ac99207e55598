/** Formulas of the lenses, in terms that TensorFlow and PyTorch share. */
import { ATTRIBUTIONS, CAM_METHODS, RECIPES } from "../../shared/catalogue.ts";
import type { AttributeQuestion, CamQuestion, MaximizeQuestion } from "../../shared/question.ts";

/** Axes of rows and columns, and of channels. */
interface Axes {
  readonly cells: string;
  readonly channels: string;
}
/** Channels last: TensorFlow and Keras. */
export const NHWC: Axes = { cells: "(1, 2)", channels: "3" };
/** Channels first: PyTorch. */
export const NCHW: Axes = { cells: "(2, 3)", channels: "1" };

/** Whether a question is about logits, or numbers as they are, which is what the formulas differentiate. */
const isOfLogits = ({ score }: Pick<CamQuestion, "score">): boolean => score !== "probability";

/**
 * NumPy from maps A and gradients g of the logit to `raw` [rows, columns]; null: it needs a run per channel, is no matter of gradients,
 * or is more than one map.
 */
export function camFormula(
  { layers, minus, ...question }: CamQuestion,
  { cells, channels }: Axes,
): string | null {
  const { numpy } = CAM_METHODS[question.method];
  const plain = layers.length === 1 && !minus && isOfLogits(question);
  if (!plain || numpy === undefined) return null;
  return numpy.replaceAll("CELLS", cells).replaceAll("CHANNELS", channels);
}

/** From `gradient(x)`, that of the class' logit with respect to the input, to `attribution`; null: see the command line. */
export function attributionFormula(
  { method, baseline, steps, ...question }: AttributeQuestion,
  black: string,
): string | null {
  const { numpy, options } = ATTRIBUTIONS[method];
  if (!isOfLogits(question) || numpy === undefined || (options.baseline && baseline !== "black"))
    return null;
  const taken = numpy.replaceAll("USUAL", String(steps ?? options.steps?.usual));
  return options.baseline ? `black = ${black}\n${taken}` : taken;
}

/** Gradient ascent on \`activation(x)\`, which returns its value and its gradient. */
export const ascentCode = (
  { steps, seed }: Pick<MaximizeQuestion, "steps" | "seed">,
  low: string,
  high: string,
  shape: string,
): string => `# F. Chollet, "Visualizing what convnets learn" (keras.io); the first noise is another than convlens'
STEPS = ${steps ?? RECIPES.plain.options.steps.usual}
low, high = ${low}, ${high}
extent = float(np.max(high - low))
rng = np.random.default_rng(${seed})
x = ((low + high) / 2 + rng.uniform(-1, 1, ${shape}) * extent / 16).astype(np.float32)
for step in range(STEPS):
    value, g = activation(x)
    x = np.clip(x + 5 * extent * g / (np.sqrt((g**2).sum()) + 1e-8), low, high).astype(np.float32)
print("activation", activation(x)[0])
`;
