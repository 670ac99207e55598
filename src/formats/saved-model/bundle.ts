/** A checkpoint (TensorBundle): an index of entries, and shards with the numbers (tensorflow/core/protobuf/tensor_bundle.proto). */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { inputError } from "../../base/errors.ts";
import { sizeOf, type TensorData } from "../../base/tensor.ts";
import { expectBeside, openBeside, type Folder } from "../bytes/beside.ts";
import { Message } from "../bytes/protobuf.ts";
import type { FileSource } from "../bytes/source.ts";
import { MemorySource, readBytes } from "../bytes/source.ts";
import { elementBytes, shapeOf, tensorOf } from "../tensorflow/tensors.ts";
import { dataType, type DataType, type FileShape } from "../tensorflow/types.ts";
import { readTable } from "./table.ts";

interface Entry {
  readonly type: DataType;
  readonly shape: readonly number[];
  readonly shard: number;
  readonly offset: number;
  readonly size: number;
  /** A variable in pieces, which is not read. */
  readonly sliced: boolean;
}

const FOLDER = "variables";
const INDEX = `${FOLDER}/variables.index`;

/** A checkpoint's tensors by key. Shards are opened when they are read. */
export class Bundle {
  private readonly shards = new Map<number, FileSource>();

  private constructor(
    private readonly folder: Folder,
    private readonly index: FileSource,
    private readonly entries: ReadonlyMap<string, Entry>,
    private readonly count: number,
  ) {
    const shards = new Set([...entries.values()].map(({ shard }) => shard));
    expectBeside(
      folder,
      [...shards].map((shard) => this.shardName(shard)),
    );
  }

  /** The checkpoint `variables` of the model; null where there is none. */
  static of(folder: Folder): Bundle | null {
    expectBeside(folder, [INDEX]);
    if (!existsSync(join(folder.path, INDEX))) return null;
    const index = openBeside(folder, INDEX);
    try {
      const entries = new Map<string, Entry>();
      let count = 1;
      for (const [key, value] of readTable(index)) {
        const message = Message.of(new MemorySource(index.name, value, index));
        if (key === "") count = shardCount(message);
        else entries.set(key, entryOf(message));
      }
      return new Bundle(folder, index, entries, count);
    } catch (error) {
      index.close();
      throw error;
    }
  }

  entry(key: string): Entry | undefined {
    return this.entries.get(key);
  }

  /** Throws a ConvLensError of kind `input`. */
  read(key: string): TensorData {
    const { entry, bytes } = this.bytesOf(key);
    return tensorOf(bytes, entry.type, entry.shape, `The variable '${key}' of '${this.file}'`);
  }

  /** A single text: its length, a checksum of four bytes, and its bytes. */
  text(key: string): Uint8Array | null {
    if (this.entry(key)?.type !== "STRING") return null;
    const { bytes } = this.bytesOf(key);
    let at = 0;
    for (let byte = bytes[at]; byte !== undefined && byte > 127; byte = bytes[at]) at++;
    return bytes.subarray(at + 5);
  }

  private bytesOf(key: string): { entry: Entry; bytes: Buffer } {
    const entry = this.entries.get(key);
    if (!entry) throw inputError(`'${this.file}' holds no variable '${key}'; save it again.`);
    if (entry.sliced)
      throw inputError(
        `'${this.file}' keeps '${key}' in several pieces, which is not read; save the model on one device.`,
      );
    const size = elementBytes(entry.type);
    if (size !== null && entry.size !== size * sizeOf(entry.shape))
      throw inputError(
        `'${this.file}' declares '${key}' as [${entry.shape.join(", ")}] in ${entry.size} bytes, which do not fit; save it again.`,
      );
    const shard = this.shard(entry.shard);
    return { entry, bytes: readBytes(shard, entry.offset, entry.size) };
  }

  private shard(number: number): FileSource {
    const known = this.shards.get(number);
    if (known) return known;
    if (number >= this.count) throw inputError(`'${this.file}' refers to a shard it has not.`);
    const opened = openBeside(this.folder, this.shardName(number));
    this.shards.set(number, opened);
    return opened;
  }
  private shardName(number: number): string {
    const digits = (n: number): string => String(n).padStart(5, "0");
    return `${FOLDER}/variables.data-${digits(number)}-of-${digits(this.count)}`;
  }
  /** The model's name in messages. */
  private get file(): string {
    return this.folder.model;
  }

  close(): void {
    this.index.close();
    for (const shard of this.shards.values()) shard.close();
    this.shards.clear();
  }
}

function shardCount(message: Message): number {
  let count = 1;
  for (const field of message.fields())
    if (field.number === 1) count = field.int();
    else if (field.number === 2 && field.int() === 1)
      throw inputError("The variables were saved on a big-endian machine, which is not read.");
  return count;
}

function entryOf(message: Message): Entry {
  let type: DataType = "INVALID";
  let shape: FileShape = [];
  let [shard, offset, size] = [0, 0, 0];
  let sliced = false;
  for (const field of message.fields())
    if (field.number === 1) type = dataType(field.int());
    else if (field.number === 2) shape = shapeOf(field.message());
    else if (field.number === 3) shard = field.int();
    else if (field.number === 4) offset = field.int();
    else if (field.number === 5) size = field.int();
    else if (field.number === 7) sliced = true;
  if (!shape || shape.includes(null))
    throw inputError("A variable of the checkpoint leaves its shape open; save the model again.");
  return { type, shape: shape as readonly number[], shard, offset, size, sliced };
}
