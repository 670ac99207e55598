/** The HDF5 library (WebAssembly), loaded when the first HDF5 file is opened, and its view of our byte sources. */
import { randomUUID } from "node:crypto";
import type { ready } from "h5wasm";
import type { ByteSource } from "../bytes/source.ts";
import { inputError } from "../../base/errors.ts";
import { beginsHeap, heapIsSound } from "./global-heap.ts";
import { boundMemory, type Room } from "./memory.ts";
import { staysWithin } from "./packed.ts";

/** Lists of names and the like may be packed too. */
export const UNPACKED_METADATA = 2 ** 20;

/** The package's own module: functions of the HDF5 library, in WebAssembly. */
export type H5Module = Awaited<typeof ready>;

/** What of an Emscripten file node matters here; its own types leave the operations out. */
interface FileNode {
  usedBytes: number;
  node_ops: { getattr(node: FileNode): object };
  stream_ops: {
    llseek(stream: { position: number }, offset: number, whence: number): number;
    read(
      stream: unknown,
      buffer: Int8Array,
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

/** The library, as long as no damaged file broke it. */
export interface Hdf5Library {
  readonly module: H5Module;
  /** A damaged file led the library outside its memory: nothing it says can be trusted any more. */
  readonly broken: boolean;
  /** After an error of the library: whether it broke. The next file that is opened gets a new one. */
  judge(error: unknown): boolean;
  /** Makes `source` a file that the library reads piece by piece; nothing is copied. The library sees no other files. */
  mount(source: ByteSource): Mount;
}

/** A byte source that the library sees as a file. */
export interface Mount {
  readonly path: string;
  /** Where the library read last since `forget`, for finding out where a data set lies. */
  position(): number | null;
  forget(): void;
  /** The most bytes that anything packed may become: a chunk, while a data set is read. */
  unpacked: number;
  /** How much memory the library may take. */
  readonly room: Room;
  /** An error of the source: to the library the bytes are zeros. */
  failure: unknown;
  unmount(): void;
}

let loaded: Promise<Hdf5Library> | undefined;

/** Loads the library at the first call, and again after a damaged file broke it. */
export function hdf5Library(): Promise<Hdf5Library> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<Hdf5Library> {
  // The factory, which the package keeps to itself: what it exports is one instance for ever, and a broken one must be replaced.
  const { default: create } = await import("../../../node_modules/h5wasm/dist/esm/hdf5_util.js");
  const module = await create({ noInitialRun: true });
  const fs = module.FS as unknown as FileSystem;
  // the library prints its error stack; our errors say the same in one sentence
  const stderr = fs.getStream(2);
  if (stderr)
    stderr.stream_ops = {
      ...stderr.stream_ops,
      write: (_stream: unknown, _buffer: unknown, _offset: number, length: number) => length,
    };
  const room = boundMemory(module);
  let broken = false;
  return {
    module,
    get broken() {
      return broken;
    },
    judge: (error) => {
      if (error instanceof Error && error.name === "RuntimeError" && !broken) {
        broken = true;
        loaded = undefined;
      }
      return broken;
    },
    mount: (source) => mount(fs, source, room),
  };
}

function mount(fs: FileSystem, source: ByteSource, room: Room): Mount {
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
    unpacked: UNPACKED_METADATA,
    room,
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
      // what comes is the library's memory as signed bytes
      const target = new Uint8Array(buffer.buffer, buffer.byteOffset + offset, length);
      try {
        const count = source.readInto(target, position);
        if (!staysWithin(target, made.unpacked))
          throw inputError(
            `'${source.name}' unpacks to more bytes than it declares; save the model again.`,
          );
        return beginsHeap(target) && !heapIsSound(source, position) ? 0 : count;
      } catch (error) {
        made.failure = error;
        target.fill(0); // the library takes what lies behind the end of a file for zeros, and goes on
        return 0;
      }
    },
  };
  return made;
}
