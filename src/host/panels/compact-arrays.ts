/**
 * `value` with every typed array in a buffer of its own. A message to a webview carries the whole buffer behind a view,
 * and what arrives from another process may lie in a large shared one.
 */
export function tight(value: unknown): unknown {
  if (Buffer.isBuffer(value)) return new Uint8Array(value); // Buffer's own slice would share memory
  if (isTypedArray(value))
    return value.byteLength === value.buffer.byteLength ? value : value.slice();
  if (Array.isArray(value)) return value.map(tight);
  if (typeof value !== "object" || value === null || value instanceof ArrayBuffer) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, tight(entry)]));
}

const isTypedArray = (value: unknown): value is Uint8Array | Int32Array | Float32Array =>
  ArrayBuffer.isView(value) && !(value instanceof DataView);
