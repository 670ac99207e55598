/** What tells networks apart in a file of weights: keys and shapes, whatever stands before all keys. */
import { createHash } from "node:crypto";
import { isCounter } from "../../../formats/index.ts";

/** A tensor, as far as it is looked at. */
export interface Shaped {
  readonly name: string;
  readonly shape: readonly number[];
}

/** Wrappers in wrappers: `module.model.net.`, and the network is most of what the file holds. */
const MOST_LEVELS = 4;
const MOST_OF_ALL = 0.5;

/**
 * The tensors that may be a network by themselves, without what stands before all of their keys, and without counters of steps: all of
 * them, then those under the word that most keys begin with.
 */
export function parts(tensors: readonly Shaped[]): (readonly Shaped[])[] {
  const found: (readonly Shaped[])[] = [];
  let part: readonly Shaped[] = tensors.filter(({ name }) => !isCounter(name));
  for (let level = 0; level < MOST_LEVELS && part.length > 0; level++) {
    part = withoutPrefix(part);
    found.push(part);
    const words = new Map<string, number>();
    for (const { name } of part) {
      const word = name.slice(0, name.indexOf(".") + 1);
      words.set(word, (words.get(word) ?? 0) + 1);
    }
    const [largest] = [...words].sort(([, a], [, b]) => b - a);
    if (!largest || largest[0] === "" || largest[1] < part.length * MOST_OF_ALL) break;
    part = part.filter(({ name }) => name.startsWith(largest[0]));
  }
  return found;
}

function withoutPrefix(tensors: readonly Shaped[]): readonly Shaped[] {
  const [first] = tensors;
  if (!first) return tensors;
  let prefix = first.name.slice(0, first.name.lastIndexOf(".") + 1);
  for (const { name } of tensors)
    while (!name.startsWith(prefix))
      prefix = prefix.slice(0, prefix.lastIndexOf(".", prefix.length - 2) + 1);
  return tensors.map(({ name, shape }) => ({ name: name.slice(prefix.length), shape }));
}

/** Of keys, and of what no number of classes or channels changes. */
export const keysDigest = (part: readonly Shaped[]): string =>
  digest(part, ({ shape }) => windowOf(shape));

/** The same with all sizes but those of the `free` tensors. */
export function shapesDigest(part: readonly Shaped[], free: ReadonlySet<string>): string {
  return digest(part, ({ name, shape }) => (free.has(name) ? windowOf(shape) : shape.join("x")));
}

const windowOf = (shape: readonly number[]): string =>
  `${shape.length}: ${shape.slice(2).join("x")}`;

/** Enough of a sha256 to tell some hundred networks apart; what is found is then fitted, size by size. */
const DIGITS = 16;
function digest(part: readonly Shaped[], of: (tensor: Shaped) => string): string {
  const lines = part.map((tensor) => `${tensor.name} ${of(tensor)}`).sort();
  return createHash("sha256").update(lines.join("\n")).digest("hex").slice(0, DIGITS);
}
