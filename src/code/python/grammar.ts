import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import type { Node, Parser } from "web-tree-sitter";

/** Beside the bundle, or in its package when run from source. */
function placeOf(specifier: string): string {
  const beside = fileURLToPath(new URL(`./${basename(specifier)}`, import.meta.url));
  return existsSync(beside) ? beside : createRequire(import.meta.url).resolve(specifier);
}

let ready: Promise<Parser> | null = null;

async function load(): Promise<Parser> {
  // most sessions never read a script: the parser is not loaded with the process
  const { Language, Parser } = await import("web-tree-sitter");
  await Parser.init({ locateFile: () => placeOf("web-tree-sitter/web-tree-sitter.wasm") });
  const python = await Language.load(placeOf("tree-sitter-python/tree-sitter-python.wasm"));
  return new Parser().setLanguage(python);
}

/**
 * Parses Python and hands its tree to `read`; the tree's memory is given back afterwards. A script with errors has a tree all the same:
 * what could not be understood are `ERROR` nodes in it.
 */
export async function withTree<T>(code: string, read: (root: Node) => T): Promise<T> {
  ready ??= load();
  ready.catch(() => (ready = null));
  const tree = (await ready).parse(code);
  if (!tree) throw new RangeError("the parser gave no tree");
  try {
    return read(tree.rootNode);
  } finally {
    tree.delete();
  }
}
