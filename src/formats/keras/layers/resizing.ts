import type { NodeId } from "../../../graph/index.ts";
import { channelsLast, Unsupported, type LayerSpec, type Scope } from "../scope.ts";

function resize(scope: Scope, x: NodeId, rows: number, columns: number, how: string): NodeId {
  if (scope.dim(x, 1) === rows && scope.dim(x, 2) === columns) return x;
  const attrs = { size: [rows, columns], centres: "half-pixel" } as const;
  if (how === "nearest") return scope.op("resizeNearest", [x], attrs);
  if (how === "bilinear") return scope.op("resizeBilinear", [x], attrs);
  throw new Unsupported(`its interpolation '${how}' is not supported`);
}

export const upSampling: LayerSpec = {
  lower: (scope) =>
    channelsLast(scope, (x) => {
      if (scope.rank(x) === 3) return repeated(scope, x, scope.config.number("size", 2));
      const [rows, columns] = scope.config.pair("size", 2);
      const how = scope.config.string("interpolation", "nearest");
      return resize(scope, x, scope.dim(x, 1) * rows, scope.dim(x, 2) * columns, how);
    }),
};

/** Each step of a sequence `times` times. */
function repeated(scope: Scope, x: NodeId, times: number): NodeId {
  const [batch = null, length = null, channels = null] = scope.shape(x);
  const apart = scope.reshape(x, [batch, length, 1, channels]);
  const tiled = scope.op("tile", [apart], { multiples: [1, 1, times, 1] });
  return scope.reshape(tiled, [batch, (length ?? 1) * times, channels]);
}

export function crop(
  scope: Scope,
  x: NodeId,
  from: readonly [number, number],
  size: readonly [number, number],
): NodeId {
  return scope.op("slice", [x], { begin: [0, ...from, 0], size: [null, ...size, null] });
}

/** The largest centred part with the aspect of the target, then resized: Keras' `smart_resize`. */
export function smartResize(
  scope: Scope,
  x: NodeId,
  [rows, columns]: readonly [number, number],
  how: string,
): NodeId {
  const [h, w] = [scope.dim(x, 1), scope.dim(x, 2)];
  const cropped: [number, number] = [
    Math.min(h, Math.floor((w * rows) / columns)),
    Math.min(w, Math.floor((h * columns) / rows)),
  ];
  const from: [number, number] = [
    Math.floor((h - cropped[0]) / 2),
    Math.floor((w - cropped[1]) / 2),
  ];
  const part = cropped[0] === h && cropped[1] === w ? x : crop(scope, x, from, cropped);
  return resize(scope, part, rows, columns, how);
}

export const resizing: LayerSpec = {
  lower: (scope) =>
    channelsLast(scope, (x) => {
      const { config } = scope;
      const size = [config.number("height", 0), config.number("width", 0)] as const;
      const how = config.string("interpolation", "bilinear");
      if (config.boolean("antialias", false)) throw new Unsupported("it resizes with antialiasing");
      if (config.boolean("pad_to_aspect_ratio", false))
        throw new Unsupported("it pads to the aspect ratio");
      return config.boolean("crop_to_aspect_ratio", false)
        ? smartResize(scope, x, size, how)
        : resize(scope, x, size[0], size[1], how);
    }),
};

export const centerCrop: LayerSpec = {
  lower: (scope) =>
    channelsLast(scope, (x) => {
      const size = [scope.config.number("height", 0), scope.config.number("width", 0)] as const;
      const spare = [scope.dim(x, 1) - size[0], scope.dim(x, 2) - size[1]] as const;
      if (spare[0] < 0 || spare[1] < 0) return smartResize(scope, x, size, "bilinear");
      return crop(scope, x, [Math.floor(spare[0] / 2), Math.floor(spare[1] / 2)], size);
    }),
};
