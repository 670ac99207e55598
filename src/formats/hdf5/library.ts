/** The HDF5 library (WebAssembly), loaded when the first HDF5 file is opened, and its view of our byte sources. */
import { randomUUID } from "node:crypto";
import type * as h5wasmModule from "h5wasm";
import type { ByteSource } from "../bytes/source.ts";

type H5wasm = typeof h5wasmModule;
export type H5Module = Awaited<H5wasm["ready"]>;
export type H5File = InstanceType<H5wasm["File"]>;

/** What of an Emscripten file node matters here; its own types leave the operations out. */
interface FileNode {
  usedBytes: number;
  node_ops: { getattr(node: FileNode): object };
  stream_ops: {
    llseek(stream: { position: number }, offset: number, whence: number): number;
    read(
      stream: unknown,
      buffer: Uint8Array,
      offset: number,
      length: number,
      position: number,
    ): number;
  };
}
interface FileSystem {
  createFile(
    parent: string,
    name: string,
    properties: object,
    read: boolean,
    write: boolean,
  ): FileNode;
  unlink(path: string): void;
  getStream(descriptor: number): { stream_ops: object } | null;
}

export interface Hdf5Library {
  readonly h5wasm: H5wasm;
  readonly module: H5Module;
  /** Makes `source` a file that the library reads piece by piece; nothing is copied. The library sees no other files. */
  mount(source: ByteSource): Mount;
}

export interface Mount {
  readonly path: string;
  /** Where the library read last since `forget`, for finding out where a data set lies. */
  position(): number | null;
  forget(): void;
  /** An error of the source, which the library can only report as a failed read. */
  failure: unknown;
  unmount(): void;
}

let loaded: Promise<Hdf5Library> | undefined;

export function hdf5Library(): Promise<Hdf5Library> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<Hdf5Library> {
  const h5wasm = await import("h5wasm");
  const module = await h5wasm.ready;
  const fs = module.FS as unknown as FileSystem;
  // the library prints its error stack; our errors say the same in one sentence
  const stderr = fs.getStream(2);
  if (stderr)
    stderr.stream_ops = {
      ...stderr.stream_ops,
      write: (_stream: unknown, _buffer: unknown, _offset: number, length: number) => length,
    };
  return { h5wasm, module, mount: (source) => mount(fs, source) };
}

function mount(fs: FileSystem, source: ByteSource): Mount {
  // a name that no file can know: a link to another open model leads nowhere
  const name = randomUUID();
  const node = fs.createFile("/", name, {}, true, false);
  let last: number | null = null;
  const made: Mount = {
    path: `/${name}`,
    position: () => last,
    forget: () => {
      last = null;
    },
    failure: null,
    unmount: () => {
      fs.unlink(`/${name}`);
    },
  };
  const original = node.node_ops;
  node.usedBytes = source.size;
  node.node_ops = {
    ...original,
    getattr: (of) => ({ ...original.getattr(of), size: source.size }),
  };
  node.stream_ops = {
    llseek: (stream, offset, whence) =>
      offset + (whence === 1 ? stream.position : whence === 2 ? source.size : 0),
    read: (_stream, buffer, offset, length, position) => {
      last = position;
      try {
        return source.readInto(buffer.subarray(offset, offset + length), position);
      } catch (error) {
        made.failure = error;
        return 0;
      }
    },
  };
  return made;
}
