import type { Picture as View } from "../../shared/contract/lenses.ts";
import { inputError, usageError } from "../../base/errors.ts";
import type { Preprocessing } from "../../base/preprocessing.ts";
import { floats, type FloatTensor } from "../../base/tensor.ts";
import type { Picture } from "../decode/picture.ts";
import { resized } from "./fit.ts";

/** Weights of red, green and blue in luma (ITU-R BT.601). */
const LUMA = [0.299, 0.587, 0.114] as const;
const ORDERS: Readonly<Record<Preprocessing["order"], readonly number[]>> = {
  rgb: [0, 1, 2],
  bgr: [2, 1, 0],
  gray: [0, 1, 2],
};

/** A picture as the network's input [1, height, width, channels]: fitted, resized, then (u * scale - mean) / std. */
export async function toInput(
  picture: Picture,
  preprocessing: Preprocessing,
  [height, width, channels]: readonly [number, number, number],
): Promise<FloatTensor> {
  const mean = perChannel("mean", preprocessing.mean, channels);
  const std = perChannel("std", preprocessing.std, channels);
  const pixels = await fitted(picture, preprocessing, [height, width, channels]);
  const data = new Float32Array(pixels.length);
  for (let i = 0; i < data.length; i++) {
    const k = i % channels;
    data[i] = ((pixels[i] ?? 0) * preprocessing.scale - (mean[k] ?? 0)) / (std[k] ?? 1);
  }
  return floats([1, height, width, channels], data);
}

/** The picture as the network sees it, before scaling: displayable RGBA in natural channel order. */
export async function modelView(
  picture: Picture,
  preprocessing: Preprocessing,
  [height, width, channels]: readonly [number, number, number],
): Promise<View> {
  const order = preprocessing.order === "bgr" ? "rgb" : preprocessing.order;
  const pixels = await fitted(picture, { ...preprocessing, order }, [height, width, channels]);
  const rgba = new Uint8Array(height * width * 4).fill(255);
  for (let i = 0; i < height * width; i++)
    for (let k = 0; k < 3; k++)
      rgba[4 * i + k] = Math.round(pixels[i * channels + Math.min(k, channels - 1)] ?? 0);
  return { width, height, rgba };
}

/** [height, width, channels] in 0..255, channels in the network's order; gray networks get luma. */
async function fitted(
  picture: Picture,
  { order, ...how }: Preprocessing,
  [height, width, channels]: readonly [number, number, number],
): Promise<Float32Array> {
  if (channels !== 1 && channels !== 3)
    throw inputError(
      `The network takes ${channels} channels, which a picture does not have: give the array itself with --input FILE.npy.`,
    );
  const size = [height, width] as const;
  const rgb = (await resized(picture, how, size)).data;
  const out = new Float32Array(height * width * channels);
  const from = ORDERS[order];
  const gray = channels === 1 || order === "gray";
  for (let i = 0; i < height * width; i++) {
    const luma = gray
      ? LUMA.reduce((sum, weight, k) => sum + weight * (rgb[3 * i + k] ?? 0), 0)
      : null;
    for (let k = 0; k < channels; k++)
      out[i * channels + k] = luma ?? rgb[3 * i + (from[k] ?? k)] ?? 0;
  }
  return out;
}

function perChannel(what: string, values: readonly number[], channels: number): readonly number[] {
  if (values.length === channels) return values;
  if (values.length === 1) return Array.from({ length: channels }, () => values[0] ?? 0);
  throw usageError(
    `The preprocessing's ${what} has ${values.length} numbers, but the network takes ${channels} channel${channels === 1 ? "" : "s"}: give 1 or ${channels}.`,
  );
}
