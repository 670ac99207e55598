/** Samples of 1, 2, 4, 8 or 16 bits, as PNG and TIFF pack them into rows. */
import { viewOf } from "./format.ts";

/** Unpacks a row: the first sample of a byte is in its highest bits, those of 16 bits begin with their high byte unless `little`. */
export function spread(line: Uint8Array, bits: number, samples: Uint16Array, little = false): void {
  if (bits === 8) samples.set(line);
  else if (bits === 16) {
    const view = viewOf(line);
    for (let i = 0; 2 * i + 1 < line.length; i++) samples[i] = view.getUint16(2 * i, little);
  } else {
    const [mask, perByte] = [2 ** bits - 1, 8 / bits];
    for (let i = 0; i < samples.length; i++)
      samples[i] =
        ((line[Math.floor(i / perByte)] ?? 0) >> (8 - bits * ((i % perByte) + 1))) & mask;
  }
}

/** Every sample of so many bits as one of 8. */
export function inEightBits(bits: number): Uint8Array {
  const limit = 2 ** bits - 1;
  return Uint8Array.from({ length: limit + 1 }, (_, value) => Math.round((value * 255) / limit));
}

/** What there is to say of 16 bits. */
export const ROUNDED_NOTE = "16 bits a channel were rounded to 8";
