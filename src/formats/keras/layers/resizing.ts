import * as lower from "../../lower/index.ts";
import { Unsupported } from "../../lower/unsupported.ts";
import { each } from "./convolution.ts";
import type { LayerCall, LayerSpec } from "../layer-call.ts";

type Size = readonly [rows: number, columns: number];

/** Rows and columns of a picture [N, C, H, W]. */
const sizeOf = ({ shape }: lower.Value): Size => [lower.known(shape, 2), lower.known(shape, 3)];

function resize({ l }: LayerCall, x: lower.Value, size: Size, how: string): lower.Value {
  if (how !== "nearest" && how !== "bilinear")
    throw new Unsupported(`its interpolation '${how}' is not supported`);
  return lower.resizePicture(l, x, size, how, "half-pixel");
}
function crop({ l }: LayerCall, x: lower.Value, from: Size, size: Size): lower.Value {
  const ends = [from[0] + size[0], from[1] + size[1]];
  return lower.slice(l, x, [2, 3], from, ends, [1, 1]);
}
const onPicture = (body: (call: LayerCall, x: lower.Value) => lower.Value): LayerSpec => ({
  lower: (call) => lower.withChannelsAt(call.l, call.x, call.channelAxis, (x) => body(call, x)),
});
const wanted = ({ config }: LayerCall): Size => [
  config.number("height", 0),
  config.number("width", 0),
];

/** Each cell as often as told, or between cells by interpolation. */
export const upSampling = onPicture((call, x) => {
  if (x.shape.length === 3) return repeated(call, x, call.config.number("size", 2));
  if (x.shape.length === 5) return enlarged(call, x);
  const [rows, columns] = sizeOf(x);
  const [high = 1, wide = 1] = each(call, "size", 2, 2);
  return resize(
    call,
    x,
    [rows * high, columns * wide],
    call.config.string("interpolation", "nearest"),
  );
});

/** Each cell of a volume as often as told. */
function enlarged(call: LayerCall, x: lower.Value): lower.Value {
  const [deep = 1, high = 1, wide = 1] = each(call, "size", 2, 3);
  const by = (picture: lower.Value, rows: number, columns: number): lower.Value => {
    const [own, other] = sizeOf(picture);
    return resize(call, picture, [own * rows, other * columns], "nearest");
  };
  return lower.separately(
    call.l,
    x,
    (slices) => by(slices, high, wide),
    (depth) => by(depth, deep, 1),
  );
}

/** Each step of a sequence [N, C, L] `times` times. */
function repeated({ l }: LayerCall, x: lower.Value, times: number): lower.Value {
  const tiled = lower.tile(l, lower.unsqueeze(l, x, [3]), [1, 1, 1, times]);
  return lower.reshape(l, tiled, [...x.shape.slice(0, 2), lower.known(x.shape, 2) * times]);
}

/** The largest centred part with the aspect of the target, then resized: Keras' `smart_resize`. */
function smartResize(
  call: LayerCall,
  x: lower.Value,
  [rows, columns]: Size,
  how: string,
): lower.Value {
  const [high, wide] = sizeOf(x);
  const part: Size = [
    Math.min(high, Math.floor((wide * rows) / columns)),
    Math.min(wide, Math.floor((high * columns) / rows)),
  ];
  return resize(call, centred(call, x, part), [rows, columns], how);
}
function centred(call: LayerCall, x: lower.Value, size: Size): lower.Value {
  const [high, wide] = sizeOf(x);
  const from: Size = [Math.floor((high - size[0]) / 2), Math.floor((wide - size[1]) / 2)];
  return crop(call, x, from, size);
}

/**
 * `Resizing` to `height` and `width`: bilinear by default, or nearest, with half-pixel centres; of
 * a centred part with `crop_to_aspect_ratio`. Throws `Unsupported` for other interpolations,
 * antialiasing and padding to the aspect ratio.
 */
export const resizing = onPicture((call, x) => {
  const { config } = call;
  const how = config.string("interpolation", "bilinear");
  for (const setting of ["antialias", "pad_to_aspect_ratio"])
    if (config.boolean(setting, false)) throw new Unsupported(`it resizes with ${setting}`);
  return config.boolean("crop_to_aspect_ratio", false)
    ? smartResize(call, x, wanted(call), how)
    : resize(call, x, wanted(call), how);
});

/** `CenterCrop` to `height` and `width`; smaller pictures are resized, as by `smart_resize`. */
export const centerCrop = onPicture((call, x) => {
  const [[high, wide], size] = [sizeOf(x), wanted(call)];
  return high < size[0] || wide < size[1]
    ? smartResize(call, x, size, "bilinear")
    : centred(call, x, size);
});
