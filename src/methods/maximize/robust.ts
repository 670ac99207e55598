import { breathe } from "../../shared/errors.ts";
import { asFloats, type FloatTensor } from "../../shared/tensor.ts";
import { Random } from "../random.ts";
import { Adam } from "./adam.ts";
import { ascent, type Ascent } from "./ascent.ts";
import { fourierPicture, spectrumScale, spectrumShape, type FourierPicture } from "./fourier.ts";
import { applyWarp, LUCID, randomWarp, transposeWarp } from "./warp.ts";
import type { InputRange, Maximized, MaximizeRequest } from "./types.ts";

const STEPS = 512;
const RATE = 0.05;
const DECAY = 1;
/** Lucid's: spectrum from N(0, 0.01), pixels divided by 4. */
const DEVIATION = 0.01;
const GAIN = 1 / 4;
/** Steps during which a picture without any gradient gets the redirected one. */
const REDIRECTED_STEPS = 16;

/**
 * The robust recipe (Olah et al. 2017, "Feature Visualization"; Lucid): decorrelated colours in a Fourier basis through a
 * sigmoid, seen through random transformations, Adam. What is returned is the picture itself, untransformed.
 */
export async function robust(request: MaximizeRequest): Promise<Maximized> {
  const { subject, scores, objectives, size, range, context } = request;
  const [height, width, channels] = size;
  const steps = request.steps ?? STEPS;
  const rows = objectives.length;
  const random = new Random(request.seed);
  const painter = await paint(
    request,
    fourierPicture(size, spectrumScale(height, width, DECAY), GAIN),
  );
  const spectrum = [0, 1].map(() =>
    sameInEveryRow(rows, spectrumSize(size), () => random.normal() * DEVIATION),
  );
  const optimisers = spectrum.map((values) => new Adam(values, RATE));
  const climb = await ascent(subject, scores, objectives);
  let redirected: Ascent | null = null;

  const history: Float32Array[] = [];
  const cells = height * width * channels;
  for (let step = 0; step < steps; step++) {
    const picture = await painter.picture(spectrum);
    const warp = randomWarp(height, width, random, LUCID);
    const seen = new Float32Array(picture.length);
    for (let row = 0; row < rows; row++) applyWarp(warp, picture, seen, row * cells, channels, 0.5);
    const input = toInput(seen, range, [rows, ...size]);
    const { value, gradient } = await climb(input);
    if (step < REDIRECTED_STEPS && emptyRows(gradient, rows).length > 0) {
      redirected ??= await ascent(
        { ...subject, differentiate: subject.differentiateRedirected },
        scores,
        objectives,
      );
      const other = await redirected(input);
      for (const row of emptyRows(gradient, rows))
        gradient.set(other.gradient.subarray(row * cells, (row + 1) * cells), row * cells);
    }
    history.push(value.slice());
    scaleToRange(gradient, range);
    const back = new Float32Array(gradient.length);
    for (let row = 0; row < rows; row++) transposeWarp(warp, gradient, back, row * cells, channels);
    const slopes = await painter.slopes(spectrum, back);
    optimisers.forEach((optimiser, i) => {
      const slope = slopes[i];
      if (slope) optimiser.ascend(slope);
    });
    if (request.onStep)
      request.onStep(step + 1, steps, toInput(picture, range, [rows, ...size]), value);
    await breathe(context.signal);
  }
  const images = toInput(await painter.picture(spectrum), range, [rows, ...size]);
  history.push((await climb(images)).value.slice());
  painter.dispose();
  return { images, history, steps };
}

export const spectrumSize = (size: readonly [number, number, number]): number =>
  spectrumShape(size).reduce((a, b) => a * b, 1);

/** Every picture of a batch starts alike, so that a batch changes nothing. */
export function sameInEveryRow(rows: number, size: number, draw: () => number): Float32Array {
  const one = Float32Array.from({ length: size }, draw);
  const all = new Float32Array(rows * size);
  for (let row = 0; row < rows; row++) all.set(one, row * size);
  return all;
}

interface Painter {
  picture(spectrum: readonly Float32Array[]): Promise<Float32Array>;
  /** Gradients of sum(picture * gradient) with respect to the two halves of the spectrum. */
  slopes(spectrum: readonly Float32Array[], gradient: Float32Array): Promise<Float32Array[]>;
  dispose(): void;
}

/** The parametrisation and its transpose as two programs. */
async function paint(
  { subject: { engine, differentiate }, objectives, size }: MaximizeRequest,
  { graph, real, imaginary, picture }: FourierPicture,
): Promise<Painter> {
  const rows = objectives.length;
  const inputs = [real, imaginary];
  const forwards = await engine.compile(graph, inputs, [picture]);
  const seed = "picture_gradient";
  const seeded = {
    ...graph,
    nodes: [
      ...graph.nodes,
      {
        id: seed,
        op: "input",
        attrs: { name: seed },
        inputs: [],
        shape: [null, ...size],
        dtype: "float32",
      } as const,
    ],
  };
  const backward = differentiate(seeded, picture, inputs, seed);
  const wanted = backward.grads.filter((id) => id !== null);
  const backwards = await engine.compile(backward.graph, [...inputs, seed], wanted);
  const tensor = (data: Float32Array, shape: readonly number[]): FloatTensor => ({
    dtype: "float32",
    shape: [rows, ...shape],
    data,
  });
  const fed = (spectrum: readonly Float32Array[]): FloatTensor[] =>
    spectrum.map((half) => tensor(half, spectrumShape(size)));
  return {
    picture: async (spectrum) => {
      const [value] = (await forwards.run(fed(spectrum))).map(asFloats);
      if (!value) throw new RangeError("the engine returned no picture");
      return value.data;
    },
    slopes: async (spectrum, gradient) =>
      (await backwards.run([...fed(spectrum), tensor(gradient, size)])).map(
        (slope) => asFloats(slope).data,
      ),
    dispose: () => {
      engine.release(graph);
    },
  };
}

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
