import { Random } from "../../random.ts";
import { Adam } from "../adam.ts";
import { spectrumSize, throughTransformations } from "../through-transformations.ts";
import { startRows } from "../start.ts";
import type { Maximized, MaximizeRequest } from "../types.ts";
import about from "./about.ts";

const RATE = 0.05;
/** Lucid's: spectrum from N(0, 0.01), pixels divided by 4. */
const DEVIATION = 0.01;
const GAIN = 1 / 4;

/** The robust recipe (Olah et al. 2017; Lucid's defaults): the spectrum itself is optimised, by Adam. */
export async function robust(request: MaximizeRequest): Promise<Maximized> {
  const random = new Random(request.seed);
  const spectrum = [0, 1].map(() =>
    startRows(request, spectrumSize(request.size), () => random.normal() * DEVIATION),
  );
  const optimisers = spectrum.map((values) => new Adam(values, RATE));
  return throughTransformations(request, request.steps ?? about.options.steps.usual, random, GAIN, {
    spectrum: () => spectrum,
    ascend: (slopes) => {
      optimisers.forEach((optimiser, i) => {
        const slope = slopes[i];
        if (slope) optimiser.ascend(slope);
      });
    },
  });
}
