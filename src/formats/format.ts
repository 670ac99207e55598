import type { InputSize } from "../base/preprocessing.ts";
import type { Generation } from "../files/generation.ts";
import type { ModelGraph } from "../graph/index.ts";
import type { ByteSource } from "./bytes/source.ts";
import type { StructureFinder } from "./structure/find.ts";

/** What the caller knows about a file beyond the file. */
export interface ReadOptions {
  /** For a model whose input size is free. */
  readonly inputSize?: InputSize | undefined;
  /** Where a file of weights finds its network; left out: it stays one of weights alone. */
  readonly structures?: StructureFinder | undefined;
}
/** Where one opening reads several files, their stamps. */
export interface ReadFrom extends ReadOptions {
  readonly generation?: Generation;
}

/** What `match` looks at: the name, the first bytes, and the source for those who must look further. */
export interface FileHead {
  readonly path: string;
  readonly name: string;
  readonly size: number;
  /** Up to `HEAD_BYTES` bytes from the start. */
  readonly bytes: Uint8Array;
  readonly source: ByteSource;
  /** Of all files of the model: those beside this one are added before anything is read of them. */
  readonly generation: Generation;
}

/** How many bytes a format may look at to recognise a file. */
export const HEAD_BYTES = 4096;

/** One file format: recognised by content, never by its extension alone, then read. */
export interface Format {
  readonly name: string;
  readonly extensions: readonly string[];
  match(file: FileHead): boolean;
  /** Takes over `file.source`: the returned graph's `weights.close()` closes it. Throws a ConvLensError of kind `input`. */
  open(file: FileHead, options: ReadOptions): Promise<ModelGraph>;
}
