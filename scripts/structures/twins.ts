/** Networks of the library that weights cannot tell apart: the same keys and shapes, and another function. */
import type { LibraryNetwork } from "../../src/session/structures/library/index-file.ts";

/** Groups of two or more, each by the first names of its networks, the likeliest first. */
export function twins(networks: readonly LibraryNetwork[]): (readonly string[])[] {
  const groups = new Map<string, string[]>();
  for (const { names, keys, shapes } of networks) {
    const own = `${keys} ${shapes}`;
    groups.set(own, [...(groups.get(own) ?? []), ...names.slice(0, 1)]);
  }
  return [...groups.values()].filter((group) => group.length > 1);
}
