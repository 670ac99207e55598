/** Formulas of the lenses, in terms that TensorFlow and PyTorch share. */
import type { CamMethod } from "../../shared/contract/lenses.ts";

/** Axes of rows and columns, and of channels. */
interface Axes {
  readonly cells: string;
  readonly channels: string;
}
export const NHWC: Axes = { cells: "(1, 2)", channels: "3" };
export const NCHW: Axes = { cells: "(2, 3)", channels: "1" };

/** NumPy from maps A and gradients g to \`raw\` [rows, columns]; null: it needs a run per channel, or is no matter of gradients. */
export function camFormula(method: CamMethod, { cells, channels }: Axes): string | null {
  const weighted = `(A * alpha).sum(${channels})[0]`;
  switch (method) {
    case "grad-cam":
      return `alpha = g.mean(${cells}, keepdims=True)  # Selvaraju et al. 2017\nraw = np.maximum(0, ${weighted})\n`;
    case "hires-cam":
      return `raw = np.maximum(0, (A * g).sum(${channels})[0])  # Draelos, Carin 2020\n`;
    case "layer-cam":
      return `raw = np.maximum(0, (A * np.maximum(0, g)).sum(${channels})[0])  # Jiang et al. 2021\n`;
    case "xgrad-cam":
      return `alpha = (g * A).sum(${cells}, keepdims=True) / (A.sum(${cells}, keepdims=True) + 1e-7)  # Fu et al. 2020\nraw = np.maximum(0, ${weighted})\n`;
    case "grad-cam++":
      return `a = g**2 / (2 * g**2 + A.sum(${cells}, keepdims=True) * g**3 + 1e-6)  # Chattopadhay et al. 2018\nalpha = (a * np.maximum(0, g)).sum(${cells}, keepdims=True)\nraw = np.maximum(0, ${weighted})\n`;
    default:
      return null;
  }
}

/** From \`gradient(x)\`, that of the class' logit with respect to the input, to \`attribution\`; null: see the command line. */
export function attributionFormula(method: string, black: string): string | null {
  switch (method) {
    case "gradient":
      return "attribution = gradient(x)[0]\n";
    case "saliency":
      return "attribution = np.abs(gradient(x))[0]\n";
    case "gradient-x-input":
      return "attribution = (gradient(x) * x)[0]\n";
    case "integrated-gradients":
      return `# Sundararajan et al. 2017, by Gauss-Legendre quadrature from a black picture; convlens doubles the steps until the sum fits
STEPS = 50
x = x.astype(np.float64)
black = ${black}
nodes, weights = np.polynomial.legendre.leggauss(STEPS)
mean = sum(w / 2 * gradient(black + (n + 1) / 2 * (x - black)) for n, w in zip(nodes, weights))
attribution = (mean * (x - black))[0]
print("sum", attribution.sum())
`;
    default:
      return null;
  }
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
