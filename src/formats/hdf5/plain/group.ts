import { expect, word, type Pages } from "./pages.ts";

const NODE_HEAD = 24;
const SYMBOL = 40;
const MOST_LEVELS = 16;

/** An entry of a group. */
export interface Member {
  readonly name: string;
  /** Of its object header. */
  readonly address: number;
}

/** Members of a group by its B-tree and its heap of names, sorted by name (HDF5 file format 3.0, III.A.1, III.B to D). */
export function membersOf(pages: Pages, tree: number, heap: number): Member[] {
  const head = pages.bytes(heap, 32);
  expect(head.toString("latin1", 0, 4) === "HEAP" && head[4] === 0, "a heap of names");
  const names = pages.bytes(word(head, 24), word(head, 8));
  return tablesOf(pages, tree, MOST_LEVELS).flatMap((table) => symbolsOf(pages, table, names));
}

function tablesOf(pages: Pages, address: number, levels: number): number[] {
  const head = pages.bytes(address, NODE_HEAD);
  const level = head.readUInt8(5);
  expect(head.toString("latin1", 0, 4) === "TREE" && head[4] === 0, "a tree of a group");
  expect(level < levels, "levels that decrease");
  const used = head.readUInt16LE(6);
  // key, child, key, child, ... key
  const body = pages.bytes(address + NODE_HEAD, 8 + 16 * used);
  const children = Array.from({ length: used }, (_, i) => word(body, 8 + 16 * i));
  return level === 0 ? children : children.flatMap((child) => tablesOf(pages, child, level));
}

function symbolsOf(pages: Pages, address: number, names: Buffer): Member[] {
  const head = pages.bytes(address, 8);
  expect(head.toString("latin1", 0, 4) === "SNOD" && head[4] === 1, "a table of symbols");
  const count = head.readUInt16LE(6);
  const entries = pages.bytes(address + 8, SYMBOL * count);
  return Array.from({ length: count }, (_, i) => {
    const at = SYMBOL * i;
    expect(entries.readUInt32LE(at + 16) < 2, "no soft link");
    const start = word(entries, at);
    const end = names.indexOf(0, start);
    expect(end > start, "a name");
    return { name: names.toString("utf8", start, end), address: word(entries, at + 8) };
  });
}
