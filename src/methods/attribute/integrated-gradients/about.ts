import type { AttributeAbout } from "../../../shared/method.ts";

/** Sundararajan et al. 2017. */
export default {
  id: "integrated-gradients",
  command: "attribute",
  title: "Integrated Gradients",
  sentence: "The gradient gathered on the way from the baseline to the picture.",
  group: "path",
  tells: "evidence",
  linear: true,
  options: { steps: { label: "Steps", least: 1, usual: 50 }, baseline: true },
  numpy: `# Sundararajan et al. 2017, by Gauss-Legendre quadrature from a black picture; convlens doubles the steps until the sum fits
STEPS = USUAL
x = x.astype(np.float64)
nodes, weights = np.polynomial.legendre.leggauss(STEPS)
mean = sum(w / 2 * gradient(black + (n + 1) / 2 * (x - black)) for n, w in zip(nodes, weights))
attribution = (mean * (x - black))[0]
print("sum", attribution.sum())
`,
} as const satisfies AttributeAbout;
