/** Appends to the list under a key. In place: files decide how long a list grows, and copies of it would take the square of its length. */
export function append<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
