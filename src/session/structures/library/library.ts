/** The networks that ConvLens knows by heart: found by the keys and shapes of weights, or by name, and loaded one at a time. */
import { createHash } from "node:crypto";
import { inputError, nearest } from "../../../base/errors.ts";
import { readBounded } from "../../../files/read-bounded.ts";
import { readKeptStructure, type Structure } from "../../../formats/index.ts";
import { keysDigest, parts, shapesDigest, type Shaped } from "./fingerprint.ts";
import { libraryFile, libraryNetworks, type LibraryNetwork } from "./index-file.ts";

const MOST_BYTES = 2 ** 20;
const NAMED = /^(torchvision|timm|smp|transformers)[/ ]/;

/** A network under one of its names: `torchvision resnet50`. */
export interface Known {
  readonly name: string;
  readonly network: LibraryNetwork;
}

/** The networks with these keys and shapes, the likeliest first; numbers of classes and of a picture's channels may be others. */
export async function knownFor(tensors: readonly Shaped[]): Promise<readonly Known[]> {
  const all = await libraryNetworks();
  return parts(tensors).flatMap((part) => {
    const keys = keysDigest(part);
    return all
      .filter((one) => one.keys === keys && one.shapes === shapesDigest(part, new Set(one.free)))
      .map((network) => ({ name: shown(network.names[0] ?? ""), network }));
  });
}

/** Whether it is a name of the library, not of a file: `timm/vit_tiny_patch16_224`. */
export const isLibraryName = (name: string): boolean => NAMED.test(name);

/** By one of its names. Throws a ConvLensError of kind `input` that lists the nearest ones. */
export async function knownAs(name: string): Promise<Known> {
  const all = await libraryNetworks();
  const wanted = name.replace(" ", "/");
  const network = all.find(({ names }) => names.includes(wanted));
  if (network) return { name: shown(wanted), network };
  const names = nearest(
    wanted,
    all.flatMap((one) => one.names),
  );
  throw inputError(
    `ConvLens knows no network '${wanted}'; the nearest are ${names.join(", ")}. A .pt2 file of it will do.`,
  );
}

/** Its structure. Throws a ConvLensError of kind `input` where the file is not as it was shipped. */
export async function knownStructure({ name, network }: Known): Promise<Structure> {
  const file = libraryFile(`${network.file}.gz`);
  const bytes = await readBounded(file, { what: "The structure", most: MOST_BYTES });
  if (createHash("sha256").update(bytes).digest("hex") !== network.file)
    throw inputError(`The structure of ${name} is not as it was shipped; install ConvLens again.`);
  const structure = readKeptStructure(bytes, name);
  const free = new Set(network.free);
  return {
    ...structure,
    name,
    placesFor: (weights) =>
      structure.placesFor(weights).map((place) => ({ ...place, fixed: !free.has(place.key) })),
    // where pictures may have any size, squares
    build: (poured, source, options) =>
      structure.build(poured, source, { inputSize: options.inputSize ?? network.side }),
    // it ships with ConvLens
    pack: () => null,
  };
}

const shown = (name: string): string => name.replace("/", " ");
