/** Formulas of the lenses, in terms that TensorFlow and PyTorch share. */
import {
  ATTRIBUTIONS,
  CAM_METHODS,
  type AttributionName,
  type CamMethod,
} from "../../shared/catalogue.ts";

/** Axes of rows and columns, and of channels. */
interface Axes {
  readonly cells: string;
  readonly channels: string;
}
export const NHWC: Axes = { cells: "(1, 2)", channels: "3" };
export const NCHW: Axes = { cells: "(2, 3)", channels: "1" };

/** NumPy from maps A and gradients g to `raw` [rows, columns]; null: it needs a run per channel, or is no matter of gradients. */
export function camFormula(method: CamMethod, { cells, channels }: Axes): string | null {
  const { numpy } = CAM_METHODS[method];
  return numpy?.replaceAll("CELLS", cells).replaceAll("CHANNELS", channels) ?? null;
}

/** From `gradient(x)`, that of the class' logit with respect to the input, to `attribution`; null: see the command line. */
export function attributionFormula(method: AttributionName, black: string): string | null {
  const { numpy, options } = ATTRIBUTIONS[method];
  if (numpy === undefined) return null;
  return options.baseline ? `black = ${black}\n${numpy}` : numpy;
}

/** Gradient ascent on \`activation(x)\`, which returns its value and its gradient. */
export const ascentCode = (
  low: string,
  high: string,
  shape: string,
): string => `# F. Chollet, "Visualizing what convnets learn" (keras.io); the first noise is another than convlens'
STEPS = 30
low, high = ${low}, ${high}
extent = float(np.max(high - low))
rng = np.random.default_rng(0)
x = ((low + high) / 2 + rng.uniform(-1, 1, ${shape}) * extent / 16).astype(np.float32)
for step in range(STEPS):
    value, g = activation(x)
    x = np.clip(x + 5 * extent * g / (np.sqrt((g**2).sum()) + 1e-8), low, high).astype(np.float32)
print("activation", activation(x)[0])
`;
