import { inputError } from "../base/errors.ts";
import { readZip } from "./bytes/zip.ts";
import type { FileHead } from "./format.ts";

interface Signature {
  readonly what: string;
  readonly cure: string;
  test(file: FileHead): boolean;
}

const starts =
  (...bytes: number[]) =>
  ({ bytes: head }: FileHead): boolean =>
    bytes.every((byte, i) => head[i] === byte);
const reads =
  (text: string, at = 0) =>
  ({ bytes }: FileHead): boolean =>
    Buffer.from(bytes.subarray(at, at + text.length)).toString("latin1") === text;
const ends =
  (...extensions: string[]) =>
  ({ name }: FileHead): boolean =>
    extensions.some((extension) => name.toLowerCase().endsWith(extension));
const holds =
  (part: RegExp) =>
  (file: FileHead): boolean =>
    isZip(file) && [...readZip(file.source).keys()].some((name) => part.test(name));

const isZip = starts(0x50, 0x4b, 3, 4);
const KERAS = 'save the model with Keras (model.save("name.keras") or "name.h5")';
const PICTURE = "open it as the picture, and a .keras or .h5 file as the model";

/** Things that are mistaken for a model that can be read, by content first and by name last. */
const SIGNATURES: readonly Signature[] = [
  { what: "empty (0 bytes)", cure: "copy or save it again", test: ({ size }) => size === 0 },
  { what: "a PNG picture", cure: PICTURE, test: starts(0x89, 0x50, 0x4e, 0x47) },
  { what: "a JPEG picture", cure: PICTURE, test: starts(0xff, 0xd8, 0xff) },
  { what: "a GIF picture", cure: PICTURE, test: reads("GIF8") },
  { what: "a WebP picture", cure: PICTURE, test: reads("WEBP", 8) },
  {
    what: "a pointer of Git LFS, not the model itself",
    cure: "fetch it with 'git lfs pull'",
    test: reads("version https://git-lfs"),
  },
  { what: "a NumPy archive", cure: KERAS, test: holds(/\.npy$/) },
  {
    what: "a zip archive without a 'config.json', so no .keras file",
    cure: 'save the model with model.save("name.keras")',
    test: isZip,
  },
  {
    what: "a Python pickle, which is code, and not one of PyTorch's",
    cure: "save the weights with torch.save(model.state_dict(), ...)",
    test: starts(0x80),
  },
  { what: "a gzip archive", cure: "unpack it first", test: starts(0x1f, 0x8b) },
  { what: "a NumPy array", cure: KERAS, test: reads("\x93NUMPY") },
  {
    what: "no TensorFlow graph although its name says so (damaged, or another kind of file)",
    cure: "give a SavedModel folder or a frozen graph",
    test: ends(".pb"),
  },
  { what: "an HTML page", cure: "download the file itself", test: ({ bytes }) => isMarkup(bytes) },
  {
    what: "a JSON file, but no 'model.json' of TensorFlow.js",
    cure: "give the folder of the model",
    test: ({ bytes }) => /^\s*[{[]/.test(latin1(bytes)),
  },
  {
    what: "no HDF5 file although its name says so (damaged, or another kind of file)",
    cure: "copy or save it again",
    test: ends(".h5", ".hdf5"),
  },
  {
    what: "no ONNX model although its name says so (damaged, or another kind of file)",
    cure: "export it again",
    test: ends(".onnx"),
  },
  {
    what: "no zip archive although its name says so (damaged, or another kind of file)",
    cure: "copy or save it again",
    test: ends(".keras"),
  },
];

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes.subarray(0, 64)).toString("latin1");
const isMarkup = (bytes: Uint8Array): boolean => /^\s*<(!doctype|html)/i.test(latin1(bytes));

/** The error for a file that no format takes: what it seems to be, and what to do. */
export function notRead(file: FileHead): Error {
  const found = SIGNATURES.find((signature) => signature.test(file));
  return found
    ? inputError(`'${file.name}' is ${found.what}; ${found.cure}.`)
    : inputError(`'${file.name}' is no model file that is known here; ${KERAS}.`);
}
