/** The weights of a TF.js model: a manifest of groups, each the bytes of its shard files one after the other. */
import { inputError } from "../../base/errors.ts";
import { sizeOf, type DType, type TensorData } from "../../base/tensor.ts";
import { expectBeside, openBeside, type Folder } from "../bytes/beside.ts";
import type { FileSource } from "../bytes/source.ts";
import { Impossible } from "../lower/unsupported.ts";
import { decode, type Stored } from "../bytes/numbers.ts";
import { flatNumbers, isList, member, text, type Json } from "../json.ts";

const STORED: Readonly<Record<string, Stored>> = {
  float32: "f4",
  float16: "f2",
  int32: "i4",
  uint8: "u1",
  uint16: "u2",
  bool: "u1",
};

/** One weight of the manifest; its bytes are read when it is asked for. */
export interface ShardedWeight {
  readonly name: string;
  readonly shape: readonly number[];
  /** As stored; quantised ones are integers. */
  readonly stored: string;
  readonly dtype: DType;
  readonly read: () => TensorData;
}

interface Group {
  readonly paths: readonly string[];
  bytes: number;
}
interface Scale {
  readonly scale: number;
  readonly min: number;
}

/** Opened when they are read. */
export class Shards {
  readonly weights: ReadonlyMap<string, ShardedWeight>;
  private readonly opened = new Map<string, FileSource>();

  constructor(
    manifest: Json | undefined,
    private readonly folder: Folder,
  ) {
    const weights = new Map<string, ShardedWeight>();
    for (const item of isList(manifest) ? manifest : []) {
      const paths = member(item, "paths");
      const listed = (isList(paths) ? paths : []).flatMap((path) => text(path) ?? []);
      expectBeside(folder, listed);
      const group: Group = { paths: listed, bytes: 0 };
      const specs = member(item, "weights");
      for (const spec of isList(specs) ? specs : []) {
        const weight = this.weight(spec, group);
        if (weights.has(weight.name))
          throw new Impossible(`two of its weights are called '${weight.name}'`);
        weights.set(weight.name, weight);
      }
    }
    this.weights = weights;
  }

  private weight(spec: Json, group: Group): ShardedWeight {
    const name = text(member(spec, "name"));
    const shape = flatNumbers(member(spec, "shape"));
    const quantization = member(spec, "quantization");
    const dtype = text(member(spec, "dtype")) ?? "float32";
    const type = text(member(quantization, "dtype")) ?? dtype;
    const stored = Object.hasOwn(STORED, type) ? STORED[type] : undefined;
    if (name === null || !shape?.every((axis) => Number.isInteger(axis) && axis >= 0))
      throw inputError(
        `'${this.folder.model}' lists a weight without a name or shape; convert it again.`,
      );
    if (!stored)
      throw inputError(`'${this.folder.model}' stores '${name}' as ${type}, which is not read.`);
    const scale = scaleOf(quantization);
    if (quantization && !scale && type !== dtype && !type.startsWith("float"))
      throw new Impossible(
        `'${name}' is stored as ${type} without the scale that makes ${dtype} of it`,
      );
    const offset = group.bytes;
    const size = sizeOf(shape) * Number(stored.slice(1));
    group.bytes += size;
    const kind: DType = dtype === "bool" ? "bool" : /int/.test(dtype) ? "int32" : "float32";
    return {
      name,
      shape,
      stored: type,
      dtype: kind,
      read: () => {
        const bytes = this.bytes(group, offset, size);
        return converted(decode(bytes, stored, shape), kind, scale);
      },
    };
  }

  /** A weight may lie across the border of two shards. */
  private bytes(group: Group, offset: number, size: number): Uint8Array {
    const sources = group.paths.map((path) => this.shard(path));
    const total = sources.reduce((sum, source) => sum + source.size, 0);
    if (offset + size > total)
      throw inputError(
        `'${this.folder.model}' declares ${group.bytes} bytes of weights, but its shards hold ${total}; copy the whole folder again.`,
      );
    const target = new Uint8Array(size);
    let [done, start] = [0, 0];
    for (const source of sources) {
      const from = Math.max(offset + done - start, 0);
      if (done < size && from < source.size) {
        const length = Math.min(size - done, source.size - from);
        done += source.readInto(target.subarray(done, done + length), from);
      }
      start += source.size;
    }
    return target;
  }

  private shard(path: string): FileSource {
    const known = this.opened.get(path);
    if (known) return known;
    const source = openBeside(this.folder, path);
    this.opened.set(path, source);
    return source;
  }

  close(): void {
    for (const source of this.opened.values()) source.close();
    this.opened.clear();
  }
}

function scaleOf(quantization: Json | undefined): Scale | null {
  const [scale, min] = [member(quantization, "scale"), member(quantization, "min")];
  return Number.isFinite(scale) && Number.isFinite(min)
    ? { scale: Number(scale), min: Number(min) }
    : null;
}

/** Quantised numbers are `q * scale + min`. */
function converted(tensor: TensorData, dtype: DType, scale: Scale | null): TensorData {
  const { data, shape } = tensor;
  if (dtype === "bool") return { dtype, shape, data: Uint8Array.from(data) };
  if (!scale) return dtype === tensor.dtype ? tensor : { dtype, shape, data: cast(data, dtype) };
  const real = Float32Array.from(data, (q) => q * scale.scale + scale.min);
  return dtype === "float32"
    ? { dtype, shape, data: real }
    : { dtype, shape, data: Int32Array.from(real, Math.round) };
}
const cast = (data: TensorData["data"], dtype: DType): TensorData["data"] =>
  dtype === "float32" ? Float32Array.from(data) : Int32Array.from(data);
