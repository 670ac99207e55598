import { at } from "../../../base/at.ts";
import type { PictureBytes } from "../bytes.ts";
import { spread } from "../samples.ts";
import type { Layout } from "./layout.ts";
import { unpack } from "./unpack.ts";

/** What is packed may be larger than before, by so much; what lies behind that is not read. */
const [LARGER, SPARE] = [2, 65_536];

/** Takes row `y` of a strip or tile as samples, which hold until it returns. */
type TakeRow = (samples: Uint16Array, y: number) => void;

/**
 * Unpacks strip or tile number `index`, `rows` rows of it, and hands over each row's samples; `each` is how many of a pixel's samples it holds.
 * No more than a row is held.
 */
export async function pieceRows(
  bytes: PictureBytes,
  layout: Layout,
  { index, rows, each }: { readonly index: number; readonly rows: number; readonly each: number },
  take: TakeRow,
): Promise<void> {
  const { bits, piece, little, compression, differences } = layout;
  const start = at(layout.offsets, index);
  const count = piece.width * each;
  const line = new Uint8Array(Math.ceil((count * bits) / 8));
  const samples = new Uint16Array(count);
  const expected = line.length * rows;
  const length = Math.min(at(layout.lengths, index), LARGER * expected + SPARE);
  let [filled, y] = [0, 0];
  await unpack(compression, bytes.part(start, start + length), expected, (chunk) => {
    for (let from = 0; from < chunk.length && y < rows;) {
      const many = Math.min(line.length - filled, chunk.length - from);
      line.set(chunk.subarray(from, from + many), filled);
      filled += many;
      from += many;
      if (filled < line.length) continue;
      spread(line, bits, samples, little);
      if (differences) addUp(samples, each, bits);
      take(samples, y++);
      filled = 0;
    }
    return y < rows;
  });
}

function addUp(samples: Uint16Array, each: number, bits: number): void {
  const mask = 2 ** bits - 1;
  for (let i = each; i < samples.length; i++)
    samples[i] = ((samples[i] ?? 0) + (samples[i - each] ?? 0)) & mask;
}
