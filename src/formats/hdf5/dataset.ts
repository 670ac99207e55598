import { inputError } from "../../base/errors.ts";
import { sizeOf, type TensorData } from "../../base/tensor.ts";
import { readBytes, type ByteSource } from "../bytes/source.ts";
import { decode, type Stored } from "../bytes/numbers.ts";
import { UNPACKED_METADATA, type H5Module, type Mount } from "./library.ts";
import { stepsAreKnown } from "./packed.ts";

/** What a data set declares, checked against the bytes that are there. */
export interface DatasetInfo {
  readonly path: string;
  readonly shape: readonly number[];
  readonly stored: Stored;
  readonly bytes: number;
  readonly littleEndian: boolean;
  /** The size of a chunk, before it was possibly packed; 0 for numbers in one piece. */
  readonly chunk: number;
}

/** Numbers that were trained shrink by less than MODEST_RATIO; what shrinks more may not become large. */
const MODEST_RATIO = 20;
const MAX_DENSE = 64 * 2 ** 20;
const MAX_BYTES = 2 ** 30;

/** Facts about a data set, with everything it declares checked against the bytes that are there. */
export function describe(
  module: H5Module,
  file: bigint,
  path: string,
  source: ByteSource,
): DatasetInfo {
  const facts = module.get_dataset_metadata(file, path);
  const bytes = facts.size * facts.total_size;
  if (facts.virtual_sources?.length)
    throw inputError(
      `'${source.name}' keeps '${path}' in other files (a virtual data set), which are never followed; save the model into one file.`,
    );
  const chunk = facts.chunks ? facts.size * sizeOf(facts.chunks) : 0;
  const packed = Math.max(source.size * MODEST_RATIO, MAX_DENSE);
  const limit = facts.chunks ? Math.min(packed, MAX_BYTES) : source.size;
  if (!(bytes <= limit && chunk <= limit))
    throw inputError(
      `'${source.name}' declares ${Math.max(bytes, chunk)} bytes for '${path}', more than it can hold; save the model again.`,
    );
  if (facts.chunks && !stepsAreKnown(module.get_dataset_filters(file, path)))
    throw inputError(
      `'${source.name}' packs '${path}' in a way that is not read; save the model again with gzip or uncompressed.`,
    );
  return {
    path,
    shape: facts.shape ?? [],
    stored: element(module, file, path, source, facts),
    bytes,
    littleEndian: facts.littleEndian,
    chunk,
  };
}

/**
 * Where the numbers of a data set begin, when they lie in one piece. HDF5 is asked for the first and for the last
 * element, and both reads are watched: in one piece they lie exactly `bytes` apart.
 */
export function locate(
  module: H5Module,
  file: bigint,
  info: DatasetInfo,
  mount: Mount,
): number | null {
  if (info.chunk > 0 || info.bytes === 0) return null;
  const size = Number(info.stored.slice(1));
  const read = (index: readonly number[]): number | null => {
    mount.forget();
    const target = module._malloc(size);
    try {
      const ones = info.shape.map(() => 1n);
      const scalar = info.shape.length === 0;
      module.get_dataset_data(
        file,
        info.path,
        scalar ? null : ones,
        scalar ? null : index.map(BigInt),
        scalar ? null : ones,
        BigInt(target),
      );
      return mount.position();
    } finally {
      module._free(target);
    }
  };
  const first = read(info.shape.map(() => 0));
  const last = read(info.shape.map((axis) => axis - 1));
  return first !== null && last === first + info.bytes - size ? first : null;
}

/** Straight from the file where the numbers lie in one piece, else through the library (chunks, compression). */
export function readDataset(
  module: H5Module,
  file: bigint,
  info: DatasetInfo,
  mount: Mount,
  source: ByteSource,
): TensorData {
  const position = info.littleEndian ? locate(module, file, info, mount) : null;
  if (position !== null)
    return decode(readBytes(source, position, info.bytes), info.stored, info.shape);
  return mount.room(info.bytes + info.chunk, () => {
    const target = module._malloc(Math.max(1, info.bytes));
    if (target === 0) throw unreadable(source, info.path);
    mount.unpacked = info.chunk;
    try {
      const status = module.get_dataset_data(file, info.path, null, null, null, BigInt(target));
      if (status < 0) throw unreadable(source, info.path);
      return decode(module.HEAPU8.slice(target, target + info.bytes), info.stored, info.shape);
    } finally {
      mount.unpacked = UNPACKED_METADATA;
      module._free(target);
    }
  });
}

function element(
  module: H5Module,
  file: bigint,
  path: string,
  source: ByteSource,
  facts: ReturnType<H5Module["get_dataset_metadata"]>,
): Stored {
  const { H5T_INTEGER, H5T_FLOAT, H5T_OPAQUE, H5T_ENUM, H5T_BITFIELD } = module.H5T_class_t;
  const { type, size, signed } = facts;
  if (size === 2 && (type === H5T_OPAQUE.value || brain(module, file, path))) return "b2";
  if (type === H5T_FLOAT.value && (size === 2 || size === 4 || size === 8)) return `f${size}`;
  const whole = [H5T_INTEGER.value, H5T_ENUM.value, H5T_BITFIELD.value] as number[];
  if (whole.includes(type) && (size === 1 || size === 2 || size === 4 || size === 8))
    return signed ? `i${size}` : `u${size}`;
  throw inputError(
    `'${source.name}' keeps '${path}' as something that is not numbers; save the model again.`,
  );
}

/** Keras marks bfloat16, which NumPy cannot name, by an attribute. */
const brain = (module: H5Module, file: bigint, path: string): boolean =>
  module.get_attribute_names(file, path).includes("dtype");

const unreadable = (source: ByteSource, path: string): Error =>
  inputError(
    `'${source.name}' does not hold the numbers of '${path}' (truncated, or kept in another file, which is never followed); copy or save it again.`,
  );
