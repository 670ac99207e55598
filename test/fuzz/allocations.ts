/** Watches what is asked for in one piece: memory that is never touched shows in no figure of the process. */

const asked: string[] = [];
let limit = Infinity;

/** From now on asking for more than `bytes` in one piece throws, and is remembered. */
export function limitAllocations(bytes: number): void {
  install();
  limit = bytes;
  asked.length = 0;
}
/** Everything is as it was. */
export function freeAllocations(): void {
  for (const undo of undone.splice(0)) undo();
}
/** What was asked for beyond the limit since then. */
export const absurd = (): readonly string[] => asked;

function judge(what: string, bytes: number): void {
  if (!(bytes > limit)) return;
  const text = `${what} asks for ${bytes} bytes in one piece`;
  asked.push(text);
  throw new RangeError(text);
}

const undone: (() => void)[] = [];
function install(): void {
  if (undone.length > 0) return;
  const scope = globalThis as unknown as Record<string, new (...args: never[]) => object>;
  const arrays = {
    ...{ ArrayBuffer: 1, Uint8Array: 1, Int8Array: 1, Uint8ClampedArray: 1, Uint16Array: 2 },
    ...{ Int16Array: 2, Uint32Array: 4, Int32Array: 4, Float32Array: 4, Float64Array: 8 },
    ...{ BigInt64Array: 8, BigUint64Array: 8, Array: 8 },
  };
  for (const [name, width] of Object.entries(arrays)) {
    const original = scope[name];
    if (!original) continue;
    undone.push(() => (scope[name] = original));
    scope[name] = new Proxy(original, {
      construct(target, args: unknown[], as: new (...args: never[]) => object) {
        if (args.length === 1 && typeof args[0] === "number") judge(`new ${name}`, args[0] * width);
        return Reflect.construct(target, args, as) as object;
      },
    });
  }
  const buffers = Buffer as unknown as Record<string, (size: number, ...rest: unknown[]) => Buffer>;
  for (const name of ["alloc", "allocUnsafe", "allocUnsafeSlow"]) {
    const original = buffers[name];
    if (!original) continue;
    undone.push(() => (buffers[name] = original));
    buffers[name] = (size, ...rest) => {
      judge(`Buffer.${name}`, size);
      return original.call(Buffer, size, ...rest);
    };
  }
  const original = Reflect.get<typeof Array, "from">(Array, "from");
  const from = original.bind(Array) as (...args: unknown[]) => unknown[];
  undone.push(() => (Array.from = original));
  Array.from = ((...args: unknown[]) => {
    const { length } = (args[0] ?? {}) as { length?: unknown };
    if (typeof length === "number") judge("Array.from", length * 8);
    return from(...args);
  }) as typeof Array.from;
}
