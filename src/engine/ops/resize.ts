import type { NodeOf, ResizeAttrs } from "../../graph/index.ts";
import { attr, type Attr } from "../native/attributes.ts";
import type { Backward } from "./compose.ts";
import type { Family } from "./types.ts";

const centres = ({ centres }: ResizeAttrs): Record<string, Attr> => ({
  T: attr.type("float32"),
  align_corners: attr.bool(centres === "corners"),
  half_pixel_centers: attr.bool(centres === "half-pixel"),
});
const wasmAttrs = ({ size, centres }: ResizeAttrs): Record<string, unknown> => ({
  size,
  alignCorners: centres === "corners",
  halfPixelCenters: centres === "half-pixel",
});
const inputSize = (
  g: Backward<"resizeBilinear" | "resizeNearest">,
  x: string,
): [number, number, number] => [g.dim(x, 1), g.dim(x, 2), g.dim(x, 3)];
const forward = ({ attrs }: NodeOf<"resizeBilinearGrad" | "resizeNearestGrad">): ResizeAttrs => ({
  size: attrs.size,
  centres: attrs.centres,
});

/**
 * Rules of resizing and its gradient, which are each other's gradient; wasm has no kernels for the
 * latter and computes them by their definitions.
 */
export const resize = {
  resizeBilinear: {
    gradient: (g, x) => [
      () => g.op("resizeBilinearGrad", [g.dy], { ...g.attrs, inputSize: inputSize(g, x) }),
    ],
    tensorflow: (w, { attrs }, x) =>
      w.node("ResizeBilinear", [x.name, w.ints(attrs.size)], centres(attrs)),
    wasm: (k, { attrs }, images) => k.run("ResizeBilinear", { images }, wasmAttrs(attrs)),
  },
  resizeNearest: {
    gradient: (g, x) => [
      () => g.op("resizeNearestGrad", [g.dy], { ...g.attrs, inputSize: inputSize(g, x) }),
    ],
    tensorflow: (w, { attrs }, x) =>
      w.node("ResizeNearestNeighbor", [x.name, w.ints(attrs.size)], centres(attrs)),
    wasm: (k, { attrs }, images) => k.run("ResizeNearestNeighbor", { images }, wasmAttrs(attrs)),
  },
  resizeBilinearGrad: {
    gradient: (g) => [() => g.op("resizeBilinear", [g.dy], forward(g.node))],
    // TensorFlow takes the picture only for its size
    tensorflow: (w, { attrs }, dy) =>
      w.node("ResizeBilinearGrad", [dy.name, w.blank(dy, attrs.inputSize)], centres(attrs)),
    wasm: (k, node, ...inputs) => k.defined(node, inputs),
  },
  resizeNearestGrad: {
    gradient: (g) => [() => g.op("resizeNearest", [g.dy], forward(g.node))],
    tensorflow: (w, { attrs }, dy) => {
      const [height, width] = attrs.inputSize;
      return w.node(
        "ResizeNearestNeighborGrad",
        [dy.name, w.ints([height, width])],
        centres(attrs),
      );
    },
    wasm: (k, node, ...inputs) => k.defined(node, inputs),
  },
} satisfies Family;
