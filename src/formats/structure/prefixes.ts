/** Wrappers put a word before every key: `module.` (DataParallel), `model.` (Lightning), `_orig_mod.` (torch.compile). */

/** `inFile + rest` in the file is `inPlace + rest` in the structure. */
export interface Pairing {
  readonly filePrefix: string;
  readonly placePrefix: string;
  /** The file's key for a place's; null where there can be none. */
  inFile(key: string): string | null;
}

const MOST = 8;

/**
 * The prefixes with which the first key of the structure could be one of the file, best first: the more of a key is the same, the likelier.
 */
export function pairings(inFile: readonly string[], places: readonly string[]): Pairing[] {
  const [first] = places;
  if (first === undefined) return [];
  const found = new Map<string, { readonly same: number; readonly pairing: Pairing }>();
  for (const name of inFile) {
    const same = commonEnd(name.split("."), first.split("."));
    if (same === 0) continue;
    const [filePrefix, placePrefix] = [without(name, same), without(first, same)];
    const pairing = paired(filePrefix, placePrefix);
    const key = `${filePrefix}\n${placePrefix}`;
    if ((found.get(key)?.same ?? 0) < same) found.set(key, { same, pairing });
  }
  return [...found.values()]
    .sort((a, b) => b.same - a.same)
    .slice(0, MOST)
    .map(({ pairing }) => pairing);
}

function commonEnd(a: readonly string[], b: readonly string[]): number {
  let same = 0;
  while (same < a.length && same < b.length && a.at(-1 - same) === b.at(-1 - same)) same++;
  return same;
}
const without = (name: string, last: number): string => {
  const parts = name.split(".");
  return parts
    .slice(0, parts.length - last)
    .map((part) => `${part}.`)
    .join("");
};

const paired = (filePrefix: string, placePrefix: string): Pairing => ({
  filePrefix,
  placePrefix,
  inFile: (key) =>
    key.startsWith(placePrefix) ? filePrefix + key.slice(placePrefix.length) : null,
});
