/** safetensors: the header's length (8 bytes), a JSON header, then the tensors one after the other (huggingface/safetensors). */
import { inputError } from "../../base/errors.ts";
import { sizeOf } from "../../base/tensor.ts";
import { readBytes, SourceWindow, type ByteSource } from "../bytes/source.ts";
import type { FileHead, Format } from "../format.ts";
import { flatNumbers, isObject, member, parseJson, text, type Json } from "../json.ts";
import { elementBytes } from "../tensors/elements.ts";
import { EXPORT_ADVICE, weightsGraph, type WeightsAlone } from "../tensors/graph.ts";
import { isStatistic, type NamedTensor } from "../tensors/layers.ts";
import { rowMajor } from "../tensors/stored.ts";

/** As the reference implementation has it. */
const MAX_HEADER = 100_000_000;

const TYPES: ReadonlyMap<string, string> = new Map([
  ["F64", "float64"],
  ["F32", "float32"],
  ["F16", "float16"],
  ["BF16", "bfloat16"],
  ["F8_E4M3", "float8_e4m3fn"],
  ["F8_E5M2", "float8_e5m2"],
  ["I64", "int64"],
  ["I32", "int32"],
  ["I16", "int16"],
  ["I8", "int8"],
  ["U64", "uint64"],
  ["U32", "uint32"],
  ["U16", "uint16"],
  ["U8", "uint8"],
  ["BOOL", "bool"],
]);

/** `.safetensors`: a JSON header and the numbers behind it; weights without a network. */
export const safetensors: Format = {
  name: "safetensors",
  extensions: [".safetensors"],
  match: ({ bytes }) => /^\{\s*("|\})/.test(Buffer.from(bytes.subarray(8, 40)).toString("latin1")),
  open: async (head, options) => weightsGraph(head.source, read(head), options),
};

function read({ source, name }: FileHead): WeightsAlone {
  const length = Number(readBytes(source, 0, 8).readBigUInt64LE(0));
  if (length > MAX_HEADER || length + 8 > source.size)
    throw inputError(
      `'${name}' declares a header of ${length} bytes in a file of ${source.size}; copy or save it again.`,
    );
  const what = `The header of '${name}'`;
  const header = parseJson(readBytes(source, 8, length).toString("utf8"), what);
  if (!isObject(header)) throw inputError(`${what} is no list of tensors; save the weights again.`);
  const entries = Object.entries(header).filter(([key]) => key !== "__metadata__");
  const tensors = entries.map(([key, entry]) => tensorOf(source, 8 + length, key, entry));
  checkContiguous(source, 8 + length, tensors);
  if (tensors.length === 0)
    throw inputError(`'${name}' holds no tensors; save the weights of a model.`);
  const written = text(member(member(header, "__metadata__"), "format"));
  const sorted = tensors
    .map(({ tensor }) => tensor)
    .sort((a, b) => natural.compare(a.name, b.name));
  const file = {
    format: "safetensors",
    producer: written === "pt" ? "PyTorch" : written,
    tensors: sorted,
    classes: new Map(),
    notes: [],
    notRunnable: `The file holds weights without the network's structure: filters can be seen, nothing can be run; ${EXPORT_ADVICE}.`,
  };
  return { file, networks: [{ path: [], tensors: sorted }] };
}

/** The file's own order is by element size; `layer10` belongs behind `layer9`. */
const natural = new Intl.Collator("en", { numeric: true });

interface Placed {
  readonly tensor: NamedTensor;
  readonly begin: number;
  readonly end: number;
}

function tensorOf(source: ByteSource, base: number, name: string, entry: Json): Placed {
  const shape = flatNumbers(member(entry, "shape"));
  const [begin, end, ...more] = flatNumbers(member(entry, "data_offsets")) ?? [];
  const written = text(member(entry, "dtype"));
  const lies = (reason: string): Error =>
    inputError(
      `'${source.name}' says of '${name}' what cannot be (${reason}); save the weights again.`,
    );
  const whole = (n: number | undefined): n is number => Number.isSafeInteger(n) && (n ?? -1) >= 0;
  if (!shape?.every(whole) || !whole(begin) || !whole(end) || more.length > 0 || written === null)
    throw lies("no element type, shape and place");
  if (begin > end || base + end > source.size) throw lies("its place is outside the file");
  const type = TYPES.get(written) ?? written;
  const size = elementBytes(type);
  if (size !== null && sizeOf(shape) * size !== end - begin)
    throw lies(`[${shape.join(", ")}] of ${type} in ${end - begin} bytes`);
  const label = `${source.name}/${name}`;
  const storage = {
    bytes: end - begin,
    bigEndian: false,
    open: () => new SourceWindow(source, label, base + begin, end - begin),
  };
  const tensor = { name, type, shape, strides: rowMajor(shape), offset: 0, storage };
  return { tensor: { ...tensor, trainable: !isStatistic(name) }, begin, end };
}

/** Tensors fill the file without gaps or overlaps: nothing else can hide in it. */
function checkContiguous(source: ByteSource, base: number, tensors: readonly Placed[]): void {
  let at = 0;
  const inOrder = [...tensors].sort((a, b) => a.begin - b.begin || a.end - b.end);
  for (const { tensor, begin, end } of inOrder) {
    if (begin !== at)
      throw inputError(
        `'${source.name}' has a gap or an overlap before '${tensor.name}'; save the weights again.`,
      );
    at = end;
  }
  if (base + at !== source.size)
    throw inputError(`'${source.name}' is longer than its tensors; copy or save it again.`);
}
