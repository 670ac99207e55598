import type { FloatTensor } from "../../base/tensor.ts";
import type { Random } from "../random.ts";
import { ascent, type Ascent } from "./ascent.ts";
import { fourierPicture, spectrumScale, spectrumShape } from "./fourier.ts";
import { paint } from "./painter.ts";
import { makeSteps } from "./steps.ts";
import { applyWarp, LUCID, randomWarp, transposeWarp } from "./warp.ts";
import type { InputRange } from "../types.ts";
import type { Maximized, MaximizeRequest } from "./types.ts";

/** Amplitudes of natural pictures fall off as 1 / f. */
const DECAY = 1;
/** Steps during which a picture without any gradient gets the redirected one. */
const REDIRECTED_STEPS = 16;

/** What a recipe optimises: how its numbers become a spectrum, and what it does with the spectrum's gradient. */
export interface SpectrumCode {
  /** Real and imaginary part, each [rows, ...spectrumShape], before the weights of the frequencies. */
  spectrum(): readonly Float32Array[];
  ascend(slopes: readonly Float32Array[]): void;
}

/**
 * Gradient ascent on pictures in a Fourier basis with decorrelated colours, seen through random transformations (Olah et al. 2017,
 * "Feature Visualization"; Lucid). What is returned is the picture itself, untransformed. `gain` multiplies the pixels before the
 * sigmoid.
 */
export async function throughTransformations(
  request: MaximizeRequest,
  most: number,
  random: Random,
  gain: number,
  code: SpectrumCode,
): Promise<Maximized> {
  const { subject, objectives, size, range } = request;
  const [height, width, channels] = size;
  const rows = objectives.length;
  const scale = spectrumScale(height, width, DECAY);
  const painter = await paint(request, fourierPicture(size, scale, gain));
  try {
    const climb = await ascent(request);
    let redirected: Ascent | null = null;
    const history: Float32Array[] = [];
    const cells = height * width * channels;
    const steps = await makeSteps(request, most, async (step) => {
      const picture = await painter.picture(code.spectrum());
      const warp = randomWarp(height, width, random, LUCID);
      const seen = new Float32Array(picture.length);
      for (let row = 0; row < rows; row++)
        applyWarp(warp, picture, seen, row * cells, channels, 0.5);
      const input = toInput(seen, range, [rows, ...size]);
      const { value, gradient } = await climb(input);
      if (step < REDIRECTED_STEPS && emptyRows(gradient, rows).length > 0) {
        redirected ??= await ascent(request, subject.differentiateRedirected);
        const other = await redirected(input);
        for (const row of emptyRows(gradient, rows))
          gradient.set(other.gradient.subarray(row * cells, (row + 1) * cells), row * cells);
      }
      history.push(value.slice());
      scaleToRange(gradient, range);
      const back = new Float32Array(gradient.length);
      for (let row = 0; row < rows; row++)
        transposeWarp(warp, gradient, back, row * cells, channels);
      code.ascend(await painter.slopes(code.spectrum(), back));
      if (request.onStep)
        request.onStep(step + 1, most, toInput(picture, range, [rows, ...size]), value);
    });
    const images = toInput(await painter.picture(code.spectrum()), range, [rows, ...size]);
    history.push((await climb(images)).value.slice());
    return { images, history, steps };
  } finally {
    painter.dispose();
  }
}

/** Numbers of one part of a picture's spectrum: C (floor(W / 2) + 1) H. */
export const spectrumSize = (size: readonly [number, number, number]): number =>
  spectrumShape(size).reduce((a, b) => a * b, 1);

/** 0..1 to the model's own input range. */
function toInput(
  picture: Float32Array,
  { min, max }: InputRange,
  shape: readonly number[],
): FloatTensor {
  const channels = min.length;
  const data = picture.map((value, i) => {
    const k = i % channels;
    return (min[k] ?? 0) + value * ((max[k] ?? 0) - (min[k] ?? 0));
  });
  return { dtype: "float32", shape, data };
}

function scaleToRange(gradient: Float32Array, { min, max }: InputRange): void {
  const channels = min.length;
  for (let i = 0; i < gradient.length; i++) {
    const k = i % channels;
    gradient[i] = (gradient[i] ?? 0) * ((max[k] ?? 0) - (min[k] ?? 0));
  }
}

/** Rows whose gradient is zero everywhere: every ReLU on the way is closed. */
function emptyRows(gradient: Float32Array, rows: number): number[] {
  const size = gradient.length / rows;
  return [...Array(rows).keys()].filter((row) =>
    gradient.subarray(row * size, (row + 1) * size).every((value) => value === 0),
  );
}
