import { at } from "../../../base/at.ts";

/** One row of a component, as wide as the picture, made of a row of samples and its neighbours above and below. */
export type Upsample = (
  here: Uint8Array,
  beside: Uint8Array,
  out: Uint8Array,
  upper: boolean,
) => void;

/**
 * How a component that is sampled every `across` x `down` pixels is spread over `width` pixels, as libjpeg-turbo does it ("fancy": three parts
 * of the nearer and one of the farther sample where the ratio is 2, repeated otherwise). `samples`: how many of a row are real.
 */
export function upsampler(across: number, down: number, samples: number, width: number): Upsample {
  if (across === 1 && down === 1)
    return (here, _, out) => {
      out.set(here.subarray(0, width));
    };
  if (across === 1 && down === 2)
    return (here, beside, out, upper) => {
      // rounded to either side in turns
      const bias = upper ? 1 : 2;
      for (let x = 0; x < width; x++) out[x] = (3 * (here[x] ?? 0) + (beside[x] ?? 0) + bias) >> 2;
    };
  if (across === 2 && down <= 2 && samples > 2) return down === 1 ? wide(samples) : both(samples);
  return (here, _, out) => {
    for (let x = 0; x < width; x++) out[x] = here[Math.floor(x / across)] ?? 0;
  };
}

/** Whether such a component's rows are mixed with their neighbours. */
export const mixesRows = (across: number, down: number, samples: number): boolean =>
  down === 2 && (across === 1 || (across === 2 && samples > 2));

const wide =
  (samples: number): Upsample =>
  (here, _, out) => {
    const last = samples - 1;
    for (let i = 0; i < samples; i++) {
      const three = 3 * (here[i] ?? 0);
      out[2 * i] = i === 0 ? at(here, 0) : (three + (here[i - 1] ?? 0) + 1) >> 2;
      out[2 * i + 1] = i === last ? at(here, last) : (three + (here[i + 1] ?? 0) + 2) >> 2;
    }
  };

const both =
  (samples: number): Upsample =>
  (here, beside, out) => {
    const last = samples - 1;
    const mixed = (i: number): number => 3 * (here[i] ?? 0) + (beside[i] ?? 0);
    let [before, now] = [0, mixed(0)];
    for (let i = 0; i < samples; i++) {
      const after = i === last ? 0 : mixed(i + 1);
      out[2 * i] = i === 0 ? (4 * now + 8) >> 4 : (3 * now + before + 8) >> 4;
      out[2 * i + 1] = i === last ? (4 * now + 7) >> 4 : (3 * now + after + 7) >> 4;
      [before, now] = [now, after];
    }
  };
