/**
 * Structures that were once accepted: kept by what they are (`<sha256>.gz`) and found by the keys and shapes of the weights that they were
 * accepted for. A private folder in ConvLens' cache; what is damaged, or gone, is as if it had never been there.
 */
import { createHash } from "node:crypto";
import { mkdir, readdir, rm, stat, utimes } from "node:fs/promises";
import path from "node:path";
import { readBounded } from "../../files/read-bounded.ts";
import { writeWhole } from "../../files/write-whole.ts";
import { packed, readKeptStructure, type StateDict, type Structure } from "../../formats/index.ts";
import { cacheDirectory } from "../../native/cache.ts";

/** As many structures, and twice as many entries for each, are kept; those that nobody asked for longest go first. */
const MOST = 200;
const MOST_BYTES = 16 * 2 ** 20;
const DIGEST = /^[0-9a-f]{64}$/;

/** `$CONVLENS_STRUCTURES`, or a folder of ConvLens' cache. */
const folderOf = (): string =>
  process.env["CONVLENS_STRUCTURES"] ?? path.join(cacheDirectory(), "structures");

/** Structures for weights with these keys: those of exactly these shapes first, then those of the same kernels' windows. */
export async function keptFor({ tensors }: StateDict): Promise<readonly Structure[]> {
  const found: Structure[] = [];
  const digests = new Set<string>();
  for (const signature of signatures(tensors)) {
    const digest = await digestAt(path.join(folderOf(), signature));
    if (digest !== null) digests.add(digest);
  }
  for (const digest of digests) {
    const structure = await keptAs(digest);
    if (structure) found.push(structure);
  }
  return found;
}

/** By its digest; null where it is not kept (any more). */
export async function keptAs(digest: string): Promise<Structure | null> {
  if (!DIGEST.test(digest)) return null;
  const file = path.join(folderOf(), `${digest}.gz`);
  try {
    const bytes = await readBounded(file, { what: "The structure", most: MOST_BYTES });
    if (digestOf(bytes) !== digest) return null;
    await utimes(file, new Date(), new Date());
    return readKeptStructure(bytes, path.basename(file));
  } catch {
    return null;
  }
}

/** What a structure is kept under; null where it is too large to be kept. */
export function digestFor(structure: Structure): string | null {
  const content = structure.pack();
  const bytes = content && packed(content);
  return bytes && bytes.length <= MOST_BYTES ? digestOf(bytes) : null;
}

/** Keeps a structure that was accepted for weights; its digest, or null where it is too large or the cache cannot be written. */
export async function keep(structure: Structure, { tensors }: StateDict): Promise<string | null> {
  try {
    const content = structure.pack();
    const bytes = content && packed(content);
    if (!bytes || bytes.length > MOST_BYTES) return null;
    const folder = folderOf();
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const digest = digestOf(bytes);
    const file = path.join(folder, `${digest}.gz`);
    if (!(await stat(file).catch(() => null))) {
      await writeWhole(file, bytes);
      await dropOldest(folder);
    }
    for (const signature of signatures(tensors)) {
      const entry = path.join(folder, signature);
      if ((await digestAt(entry)) !== digest) await writeWhole(entry, digest);
    }
    return digest;
  } catch {
    // a full disk or a folder that may not be written: it is looked for again next time
    return null;
  }
}

/** Names of the entries for weights: by every size, and by those that a structure cannot follow. */
function signatures(tensors: StateDict["tensors"]): readonly [string, string] {
  const lines = (shapeOf: (shape: readonly number[]) => string): string =>
    tensors
      .map(({ name, shape }) => `${name} ${shapeOf(shape)}`)
      .sort()
      .join("\n");
  const exact = lines((shape) => shape.join("x"));
  const loose = lines((shape) => `${shape.length}: ${shape.slice(2).join("x")}`);
  return [`${digestOf(exact)}.shapes`, `${digestOf(loose)}.keys`];
}

const digestOf = (content: Uint8Array | string): string =>
  createHash("sha256").update(content).digest("hex");

async function digestAt(file: string): Promise<string | null> {
  const bytes = await readBounded(file, { what: "The entry", most: 64 }).catch(() => null);
  const text = bytes?.toString("latin1") ?? "";
  return DIGEST.test(text) ? text : null;
}

async function dropOldest(folder: string): Promise<void> {
  const names = await readdir(folder);
  const files = await Promise.all(
    names.map(async (name) => {
      const file = path.join(folder, name);
      return { file, at: (await stat(file).catch(() => null))?.mtimeMs ?? 0 };
    }),
  );
  const inOrder = files.sort((a, b) => b.at - a.at);
  const of = (kept: boolean, most: number): typeof files =>
    inOrder.filter(({ file }) => file.endsWith(".gz") === kept).slice(most);
  for (const { file } of [...of(true, MOST), ...of(false, 2 * MOST)])
    await rm(file, { force: true });
}
