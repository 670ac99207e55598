/**
 * How much memory the HDF5 library may take. It believes the lengths that a file declares for texts, two thousand million bytes in a
 * file of thirty thousand; where its memory cannot grow it says that it has none, and the text is refused.
 */

/** For its own lists and caches, beyond what it begins with. */
const OWN = 48 * 2 ** 20;
const PAGE = 2 ** 16;

/** More memory for the library while some work is done. */
export interface Room {
  /** Runs `work`, for which the library may take so many bytes more. */
  <T>(bytes: number, work: () => T): T;
}

interface Memory {
  readonly buffer: ArrayBufferLike;
  grow(pages: number): number;
}
/** The part of the library's module that is its memory. */
interface Heap {
  readonly HEAPU8: Uint8Array;
}
interface Bound {
  readonly module: Heap;
  limit: number;
}
const bounds = new Set<WeakRef<Bound>>();
let installed = false;

/** From now on the memory of `module`, and of nothing else, grows within bounds. The package keeps that memory to itself. */
export function boundMemory(module: Heap): Room {
  const start = module.HEAPU8.byteLength + OWN;
  const bound: Bound = { module, limit: start };
  bounds.add(new WeakRef(bound));
  install();
  return (bytes, work) => {
    bound.limit = start + bytes;
    try {
      return work();
    } finally {
      bound.limit = start;
    }
  };
}

function install(): void {
  if (installed) return;
  installed = true;
  const { Memory } = (globalThis as unknown as { WebAssembly: { Memory: { prototype: Memory } } })
    .WebAssembly;
  const grow = Reflect.get<Memory, "grow">(Memory.prototype, "grow");
  Memory.prototype.grow = function (pages) {
    const size = this.buffer.byteLength + pages * PAGE;
    for (const reference of bounds) {
      const bound = reference.deref();
      if (!bound) bounds.delete(reference);
      else if (bound.module.HEAPU8.buffer === this.buffer && size > bound.limit)
        throw new RangeError(`${size} bytes are more than the file can need`);
    }
    return grow.call(this, pages);
  };
}
