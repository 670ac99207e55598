import { encode } from "../../methods/attack/pixels.ts";
import type { InputRange } from "../../methods/types.ts";
import type { PixelScaling } from "../../base/preprocessing.ts";
import { filled, type FloatTensor } from "../../base/tensor.ts";

/** What black and white become per channel: the range of a picture in the model's own input. */
export function inputRange(scaling: PixelScaling, channels: number): InputRange {
  const [black, white] = [
    encode([0, 0, 0], scaling, channels),
    encode([255, 255, 255], scaling, channels),
  ];
  return {
    min: black.map((value, k) => Math.min(value, white[k] ?? value)),
    max: black.map((value, k) => Math.max(value, white[k] ?? value)),
  };
}

/** The preprocessed black picture, [1, H, W, C]: what stands for "nothing there". */
export function blackInput(
  [height, width, channels]: readonly [number, number, number],
  scaling: PixelScaling,
): FloatTensor {
  const black = encode([0, 0, 0], scaling, channels);
  const data = filled(new Float32Array(height * width * channels), (i) => black[i % channels] ?? 0);
  return { dtype: "float32", shape: [1, height, width, channels], data };
}

/**
 * Inputs [N, H, W, C] as 8-bit RGB pictures, tile after tile, and what is left of them once saved so: a picture counts only as it
 * can be shown. Channels beyond three are not pictures: the first is shown in gray.
 */
export function asPictures(
  inputs: FloatTensor,
  scaling: PixelScaling,
): { rgb: Uint8Array; rounded: FloatTensor } {
  const channels = inputs.shape[3] ?? 1;
  const { min, max } = inputRange(scaling, channels);
  const pixels = inputs.data.length / channels;
  const rgb = new Uint8Array(pixels * 3);
  const rounded = new Float32Array(inputs.data.length);
  const from = channels !== 3 ? [0, 0, 0] : scaling.order === "bgr" ? [2, 1, 0] : [0, 1, 2];
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (let k = 0; k < channels; k++) {
      const at = pixel * channels + k;
      const [low, high] = [min[k] ?? 0, max[k] ?? 1];
      const byte = toByte(((inputs.data[at] ?? 0) - low) / (high - low));
      rounded[at] = low + (byte / 255) * (high - low);
    }
    for (let k = 0; k < 3; k++) {
      const source = from[k] ?? 0;
      const [low, high] = [min[source] ?? 0, max[source] ?? 1];
      rgb[pixel * 3 + k] = toByte(
        ((inputs.data[pixel * channels + source] ?? 0) - low) / (high - low),
      );
    }
  }
  return { rgb, rounded: { ...inputs, data: rounded } };
}

const toByte = (unit: number): number => Math.max(0, Math.min(255, Math.round(unit * 255)));
