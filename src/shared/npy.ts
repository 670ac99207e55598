import { inputError } from "../base/errors.ts";
import { floats, sizeOf, type FloatTensor } from "../base/tensor.ts";

/** \x93NUMPY */
const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
type Reader = (view: DataView, offset: number) => number;

/** IEEE 754 binary16 by its bits. */
function fromHalf(bits: number): number {
  const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023];
  const sign = bits >> 15 === 0 ? 1 : -1;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}

/** Element types that are read, all widened to float32. */
const TYPES: Readonly<Record<string, { bytes: number; read: Reader }>> = {
  "<f4": { bytes: 4, read: (view, at) => view.getFloat32(at, true) },
  "<f8": { bytes: 8, read: (view, at) => view.getFloat64(at, true) },
  "<f2": { bytes: 2, read: (view, at) => fromHalf(view.getUint16(at, true)) },
  "<i4": { bytes: 4, read: (view, at) => view.getInt32(at, true) },
  "<i8": { bytes: 8, read: (view, at) => Number(view.getBigInt64(at, true)) },
  "<i2": { bytes: 2, read: (view, at) => view.getInt16(at, true) },
  "<u2": { bytes: 2, read: (view, at) => view.getUint16(at, true) },
  "|i1": { bytes: 1, read: (view, at) => view.getInt8(at) },
  "|u1": { bytes: 1, read: (view, at) => view.getUint8(at) },
  "|b1": { bytes: 1, read: (view, at) => view.getUint8(at) },
};

/** A NumPy file (format 1.0, float32, little endian, C order). */
export function encodeNpy({ shape, data }: FloatTensor): Uint8Array {
  const tuple = shape.length === 1 ? `${shape[0] ?? 0},` : shape.join(", ");
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${tuple}), }`;
  // NumPy aligns the data to 64 bytes
  const headerBytes = Math.ceil((10 + text.length + 1) / 64) * 64;
  const out = new Uint8Array(headerBytes + data.length * 4);
  out.set([...MAGIC, 1, 0]);
  new DataView(out.buffer).setUint16(8, headerBytes - 10, true);
  out.set(new TextEncoder().encode(text.padEnd(headerBytes - 11) + "\n"), 10);
  out.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), headerBytes);
  return out;
}

/**
 * Reads a NumPy file (format 1 to 3, C order, of the types above) as float32; `name` is what an error calls it.
 * Throws a ConvLensError of kind `input`, before allocating, when the file does not hold what its header says.
 */
export function decodeNpy(bytes: Uint8Array, name: string): FloatTensor {
  const { text, dataStart } = headerOf(bytes, name);
  const descr = /'descr':\s*'([^']*)'/.exec(text)?.[1] ?? "?";
  const shape = shapeIn(text, name);
  if (/'fortran_order':\s*True/.test(text))
    throw inputError(`${name} is in Fortran order: save it with numpy.ascontiguousarray.`);
  const type = TYPES[descr];
  if (!type)
    throw inputError(`${name} holds elements of type '${descr}': save it with .astype("float32").`);
  const count = sizeOf(shape);
  const held = Math.floor((bytes.length - dataStart) / type.bytes);
  if (!Number.isSafeInteger(count) || held < count)
    throw inputError(
      `${name} is cut short or lies: its header promises ${count} numbers, and it holds ${held}.`,
    );
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const data = new Float32Array(count);
  for (let i = 0; i < count; i++) data[i] = type.read(view, dataStart + i * type.bytes);
  return floats(shape, data);
}

/** The shape that a NumPy file states in its first bytes. Throws a ConvLensError of kind `input` where it states none. */
export const decodeNpyShape = (bytes: Uint8Array, name: string): readonly number[] =>
  shapeIn(headerOf(bytes, name).text, name);

function shapeIn(header: string, name: string): number[] {
  const tuple = /'shape':\s*\(([\d,\sL]*)\)/.exec(header)?.[1];
  if (tuple === undefined)
    throw inputError(`${name} is not a readable .npy file: it states no shape.`);
  return tuple.split(",").map(parseFloat).filter(Number.isFinite);
}

function headerOf(bytes: Uint8Array, name: string): { text: string; dataStart: number } {
  if (bytes[0] === 0x50 && bytes[1] === 0x4b)
    throw inputError(
      `${name} is an archive and not a NumPy array: save the one array that is meant with numpy.save.`,
    );
  const version = bytes[6] ?? 0;
  const magic = MAGIC.every((byte, i) => bytes[i] === byte);
  if (bytes.length < 12 || !magic || version < 1 || version > 3)
    throw inputError(`${name} is not a NumPy .npy file.`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wide = version > 1;
  const start = wide ? 12 : 10;
  const dataStart = start + (wide ? view.getUint32(8, true) : view.getUint16(8, true));
  if (dataStart > bytes.length) throw inputError(`${name} is cut short: its header does not end.`);
  return { text: new TextDecoder().decode(bytes.subarray(start, dataStart)), dataStart };
}
