/** Pictures as the inverse Fourier transform of what is optimised, as nodes: differentiable, and fast on any engine. */
import { GraphBuilder, type ModelGraph, type NodeId } from "../../graph/index.ts";
import { floats } from "../../base/tensor.ts";

/** Square root of the colour covariance of ImageNet, normalised by its largest column (Olah et al. 2017, "Feature Visualization"). */
const COLOUR = [0.26, 0.09, 0.02, 0.27, 0.0, -0.05, 0.27, -0.09, 0.03] as const;

/** A graph from a spectrum, which is what is optimised, to a picture. */
export interface FourierPicture {
  readonly graph: ModelGraph;
  /** Real and imaginary spectrum, both [N, C, W / 2 + 1, H]; scaled so that equal steps change all frequencies alike. */
  readonly real: NodeId;
  readonly imaginary: NodeId;
  /** [N, H, W, C] in 0..1 */
  readonly picture: NodeId;
}

/** Size of one row of the spectrum. */
export const spectrumShape = ([height, width, channels]: readonly [
  number,
  number,
  number,
]): readonly [number, number, number] => [channels, Math.floor(width / 2) + 1, height];

/** Frequencies' weights 1 / max(f, 1 / max(H, W)) ** decay, [W / 2 + 1, H]. */
export function spectrumScale(height: number, width: number, decay: number): Float32Array {
  const columns = Math.floor(width / 2) + 1;
  const scale = new Float32Array(columns * height);
  for (let u = 0; u < columns; u++)
    for (let v = 0; v < height; v++) {
      const frequency = Math.hypot(u / width, (v <= height / 2 ? v : v - height) / height);
      scale[u * height + v] = 1 / Math.max(frequency, 1 / Math.max(width, height)) ** decay;
    }
  return scale;
}

/**
 * sigmoid(colours(inverse real FFT(spectrum * scale)) * gain): Lucid's parametrisation. The transform is four small matrix
 * products, orthonormal in both directions.
 */
export function fourierPicture(
  [height, width, channels]: readonly [number, number, number],
  scale: Float32Array,
  gain: number,
): FourierPicture {
  const builder = new GraphBuilder();
  const [depth, columns, rows] = spectrumShape([height, width, channels]);
  const real = builder.input("real", [null, depth, columns, rows]);
  const imaginary = builder.input("imaginary", [null, depth, columns, rows]);
  const weights = builder.constant(floats([1, 1, columns, rows], scale), "spectrum_scale");
  const product = (a: NodeId, b: NodeId): NodeId =>
    builder.add("matMul", "dft", [a, b], { transposeA: false, transposeB: false });
  const matrix = (from: number, to: number, of: (i: number, j: number) => number): NodeId =>
    builder.constant(
      floats(
        [from, to],
        Float32Array.from({ length: from * to }, (_, k) => of(Math.floor(k / to), k % to)),
      ),
      "dft_matrix",
    );
  const flat = (x: NodeId, last: number): NodeId =>
    builder.add("reshape", "rows", [x], { shape: [null, last] });

  // along the rows: a complex transform of length H
  const angle = (size: number, i: number, j: number): number =>
    (2 * Math.PI * ((i * j) % size)) / size;
  const cosH = matrix(height, height, (v, y) => Math.cos(angle(height, v, y)) / Math.sqrt(height));
  const sinH = matrix(height, height, (v, y) => Math.sin(angle(height, v, y)) / Math.sqrt(height));
  const re = flat(builder.add("mul", "scaled_real", [real, weights]), height);
  const im = flat(builder.add("mul", "scaled_imaginary", [imaginary, weights]), height);
  const re2 = builder.add("sub", "dft_real", [product(re, cosH), product(im, sinH)]);
  const im2 = builder.add("add", "dft_imaginary", [product(re, sinH), product(im, cosH)]);

  // along the columns: half of a Hermitian spectrum gives real pixels
  const turn = (x: NodeId): NodeId => {
    const grid = builder.add("reshape", "grid", [x], { shape: [null, depth, columns, height] });
    return flat(builder.add("transpose", "turned", [grid], { perm: [0, 1, 3, 2] }), columns);
  };
  const twice = (u: number): number => (u === 0 || (width % 2 === 0 && u === columns - 1) ? 1 : 2);
  const cosW = matrix(
    columns,
    width,
    (u, x) => (twice(u) * Math.cos(angle(width, u, x))) / Math.sqrt(width),
  );
  const sinW = matrix(
    columns,
    width,
    (u, x) => (-twice(u) * Math.sin(angle(width, u, x))) / Math.sqrt(width),
  );
  const pixels = builder.add("add", "pixels", [product(turn(re2), cosW), product(turn(im2), sinW)]);
  const planes = builder.add("reshape", "planes", [pixels], {
    shape: [null, depth, height, width],
  });
  const nhwc = builder.add("transpose", "nhwc", [planes], { perm: [0, 2, 3, 1] });
  const loud = builder.add("mul", "gain", [nhwc, builder.scalar(gain)]);
  const coloured = channels === 3 ? correlate(builder, loud, [height, width]) : loud;
  const picture = builder.add("sigmoid", "picture", [coloured]);
  const graph: ModelGraph = {
    format: "picture",
    producer: null,
    inputs: [real, imaginary].map((node) => ({
      name: node,
      node,
      shape: builder.shape(node),
      dtype: "float32",
    })),
    outputs: [{ name: "picture", node: picture, shape: builder.shape(picture), dtype: "float32" }],
    nodes: builder.nodes,
    layers: [],
    weights: {
      read: () => Promise.reject(new RangeError("a picture has no weights")),
      close: () => undefined,
    },
    notes: [],
  };
  return { graph, real, imaginary, picture };
}

/** From decorrelated to natural colours: a 3 x 3 product over the last axis. */
function correlate(
  builder: GraphBuilder,
  x: NodeId,
  [height, width]: readonly [number, number],
): NodeId {
  const longest = Math.max(
    ...[0, 1, 2].map((j) => Math.hypot(...[0, 1, 2].map((i) => COLOUR[i * 3 + j] ?? 0))),
  );
  // rows are pixels, so the matrix is applied from the right, transposed
  const data = Float32Array.from(
    { length: 9 },
    (_, k) => (COLOUR[(k % 3) * 3 + Math.floor(k / 3)] ?? 0) / longest,
  );
  const colours = builder.constant(floats([3, 3], data), "colours");
  const pixels = builder.add("reshape", "colour_rows", [x], { shape: [null, 3] });
  const mixed = builder.add("matMul", "coloured", [pixels, colours], {
    transposeA: false,
    transposeB: false,
  });
  return builder.add("reshape", "coloured_picture", [mixed], { shape: [null, height, width, 3] });
}
