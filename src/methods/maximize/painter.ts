import { asFloats, type FloatTensor } from "../../base/tensor.ts";
import { runRows } from "../batching.ts";
import { spectrumShape, type FourierPicture } from "./fourier.ts";
import type { MaximizeRequest } from "./types.ts";

/** Pictures from their spectra, and gradients back to the spectra; all rows of a batch at once. */
export interface Painter {
  picture(spectrum: readonly Float32Array[]): Promise<Float32Array>;
  /** Gradients of sum(picture * gradient) with respect to the two halves of the spectrum. */
  slopes(spectrum: readonly Float32Array[], gradient: Float32Array): Promise<Float32Array[]>;
  dispose(): void;
}

/** The parametrisation and its transpose as two programs. */
export async function paint(
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
      const [value] = (await runRows(engine, forwards, fed(spectrum))).map(asFloats);
      if (!value) throw new RangeError("the engine returned no picture");
      return value.data;
    },
    slopes: async (spectrum, gradient) =>
      (await runRows(engine, backwards, [...fed(spectrum), tensor(gradient, size)])).map(
        (slope) => asFloats(slope).data,
      ),
    dispose: () => {
      engine.release(graph);
    },
  };
}
