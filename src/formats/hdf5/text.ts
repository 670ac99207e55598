import type { H5Module } from "./library.ts";

/**
 * An attribute's text, or list of texts; null when it is something else. Keras writes an empty list of names as an empty array of
 * numbers. The caller has checked the size that `facts` declare.
 */
export function textAttribute(
  module: H5Module,
  file: bigint,
  path: string,
  name: string,
  facts: ReturnType<H5Module["get_attribute_metadata"]>,
): string | string[] | null {
  const { shape, size, total_size: count } = facts;
  if (!shape) return null;
  if (facts.type !== module.H5T_class_t.H5T_STRING.value) return count === 0 ? [] : null;
  const bytes = size * count;
  const target = module._malloc(Math.max(1, bytes));
  if (target === 0) return null;
  try {
    // negative: nothing was written, and there are no addresses of texts to follow
    if (module.get_attribute_data(file, path, name, BigInt(target)) < 0) return null;
    const data = module.HEAPU8.slice(target, target + bytes);
    const texts = facts.vlen
      ? [...new Uint32Array(data.buffer)].map((address) => module.UTF8ToString(address))
      : Array.from({ length: count }, (_, i) => fixed(data.subarray(i * size, (i + 1) * size)));
    if (facts.vlen) module.reclaim_vlen_memory(file, path, name, BigInt(target));
    return shape.length === 0 ? (texts[0] ?? null) : texts;
  } finally {
    module._free(target);
  }
}

/** Texts of a fixed size end with the first zero. */
function fixed(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}
