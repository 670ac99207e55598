/** torch.save before PyTorch 1.6: five pickles (magic number, version, system, the object, keys), then the storages. */
import { inputError } from "../../base/errors.ts";
import { readBytes, SourceWindow, type ByteSource } from "../bytes/source.ts";
import { readPickle, type Pickled } from "./archive.ts";
import { isDict, isSequence, type StorageRef, type Value } from "./pickle/values.ts";
import { widthOf } from "./storages.ts";

const MAGIC = [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];
/** Whether a file begins with the pickle of torch.save's magic number, 0x1950a86a20f9469cfc6c. */
export const isLegacy = (bytes: Uint8Array): boolean => MAGIC.every((byte, i) => bytes[i] === byte);

/**
 * Reads the pickles and finds the storages behind them. Throws a ConvLensError of kind `input`
 * where one is damaged, or storages are not where they should be.
 */
export function readLegacy(source: ByteSource): Pickled {
  const { name } = source;
  let at = 0;
  const widths = new Map<string, number>();
  const next = (): Value => {
    const { root, end, storages } = readPickle(source, at, name);
    for (const { key, type } of storages) widths.set(key, widthOf(type));
    at = end;
    return root;
  };
  next(); // magic number
  next(); // protocol version
  const system = next();
  const bigEndian = isDict(system) && system.entries.get("little_endian") === false;
  const root = next();
  const keys = next();
  const places = placesOf(source, at, isSequence(keys) ? keys.items : [], widths);
  return {
    root,
    storage: ({ key, count, type, view }: StorageRef) => {
      const place = places.get(key);
      const offset = (view?.offset ?? 0) * widthOf(type);
      const bytes = count * widthOf(type);
      if (!place || offset + (view ? 0 : bytes) > place.bytes)
        throw inputError(`'${name}' does not hold its storage '${key}'; copy or save it again.`);
      const size = view ? place.bytes - offset : bytes;
      const label = `${name}/${key}`;
      return {
        ...{ bytes: size, bigEndian },
        open: () => new SourceWindow(source, label, place.start + offset, size),
      };
    },
  };
}

interface Place {
  readonly start: number;
  readonly bytes: number;
}

/** In the order of the keys: the number of elements (8 bytes), then the elements. */
function placesOf(
  source: ByteSource,
  start: number,
  keys: readonly Value[],
  widths: ReadonlyMap<string, number>,
): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  let at = start;
  for (const key of keys.map(String)) {
    const width = widths.get(key);
    if (width === undefined)
      throw inputError(
        `'${source.name}' holds a storage that no tensor uses, so what follows cannot be found; save it again with a newer PyTorch.`,
      );
    const bytes = Number(readBytes(source, at, 8).readBigInt64LE(0)) * width;
    if (!(bytes >= 0 && at + 8 + bytes <= source.size))
      throw inputError(
        `'${source.name}' declares ${bytes} bytes for its storage '${key}', more than it holds; copy or save it again.`,
      );
    places.set(key, { start: at + 8, bytes });
    at += 8 + bytes;
  }
  return places;
}
