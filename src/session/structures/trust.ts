/** How sure it is that a structure which fits is the network of the weights. */
import { createHash } from "node:crypto";
import path from "node:path";
import { plainText } from "../../base/plain-text.ts";
import { readBounded } from "../../files/read-bounded.ts";
import { reallyAmong } from "../../files/real-place.ts";
import { sameNumbers, type Match, type Origin, type Structure } from "../../formats/index.ts";

type Trust = Pick<Match, "confidence" | "assumed">;

/** No script of a network is larger. */
const MOST_SOURCE = 8 * 2 ** 20;

/**
 * Exact only where the program's own file has the same numbers. High where the program is the person's own, was run for weights of this
 * folder, has all of their sizes, and its files are as they were: that they are as they were in training, no file says. Else low.
 */
export async function trustIn(
  structure: Structure,
  fit: Match["fit"],
  weights: string,
): Promise<Trust> {
  const { name, origin } = structure;
  if (sameNumbers(structure, fit)) return { confidence: "exact", assumed: [] };
  const doubt = origin && (await doubtOf(origin, fit, weights));
  if (origin && doubt === null)
    return {
      confidence: "high",
      assumed: [`the code of ${name}: as it was when these weights were trained`],
    };
  return {
    confidence: "low",
    assumed: [
      ...(doubt === undefined || doubt === null ? [] : [doubt]),
      `strides, paddings, activations, epsilons and the order of layers: as in ${name}`,
    ],
  };
}

/** Why a person's own program may not be that of the weights; null where nothing speaks against it. */
async function doubtOf(
  { folder, sources }: Origin,
  { solved }: Match["fit"],
  weights: string,
): Promise<string | null> {
  for (const { path: file, sha256 } of sources)
    if ((await digestOf(file)) !== sha256)
      return `${plainText(path.basename(file))} has changed since: run the checkpoint again`;
  if (!(await reallyAmong(weights, [folder]))) return "it was run for weights in another folder";
  return solved.length > 0 ? "it was run for other sizes" : null;
}

async function digestOf(file: string): Promise<string | null> {
  const bytes = await readBounded(file, { what: "The script", most: MOST_SOURCE }).catch(
    () => null,
  );
  return bytes && createHash("sha256").update(bytes).digest("hex");
}
