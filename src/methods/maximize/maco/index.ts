import { Random } from "../../random.ts";
import { Adam } from "../adam.ts";
import { spectrumSize, throughTransformations } from "../through-transformations.ts";
import { startRows } from "../start.ts";
import type { Maximized, MaximizeRequest } from "../types.ts";
import about from "./about.ts";

const RATE = 0.1;
/** Contrast of the picture: chosen so that a random phase gives natural deviations from gray. */
const MAGNITUDE = 0.25;

/**
 * MaCo (Fel et al. 2023, "Unlocking Feature Visualization for Deeper Networks with MAgnitude Constrained Optimization"): only the
 * phase of the spectrum is optimised, so that the picture keeps the frequencies of natural ones. The magnitude is the power law
 * 1 / f instead of the paper's average over ImageNet.
 */
export async function maco(request: MaximizeRequest): Promise<Maximized> {
  const random = new Random(request.seed);
  const phase = startRows(
    request,
    spectrumSize(request.size),
    () => (2 * random.uniform() - 1) * Math.PI,
  );
  const optimiser = new Adam(phase, RATE);
  return throughTransformations(request, request.steps ?? about.options.steps.usual, random, 1, {
    spectrum: () => [
      phase.map((angle) => MAGNITUDE * Math.cos(angle)),
      phase.map((angle) => MAGNITUDE * Math.sin(angle)),
    ],
    ascend: ([real, imaginary]) => {
      optimiser.ascend(
        phase.map(
          (angle, i) =>
            MAGNITUDE *
            (Math.cos(angle) * (imaginary?.[i] ?? 0) - Math.sin(angle) * (real?.[i] ?? 0)),
        ),
      );
    },
  });
}
