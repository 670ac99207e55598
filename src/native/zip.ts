import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, open, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { crc32, createInflateRaw } from "node:zlib";
import { RouteError } from "./reasons.ts";

export interface ZipEntry {
  readonly name: string;
  /** 0 = stored, 8 = deflated. */
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly offset: number;
}

const END = 0x06054b50;
const CENTRAL = 0x02014b50;

/** The entries of the zip at `path`, which must be below 4 GB (no zip64). */
export async function zipEntries(path: string): Promise<ZipEntry[]> {
  const file = await open(path, "r");
  try {
    const directory = await centralDirectory(file, path);
    const entries: ZipEntry[] = [];
    for (let at = 0; at + 46 <= directory.length && directory.readUInt32LE(at) === CENTRAL;) {
      const nameLength = directory.readUInt16LE(at + 28);
      entries.push({
        name: directory.toString("utf8", at + 46, at + 46 + nameLength),
        method: directory.readUInt16LE(at + 10),
        crc: directory.readUInt32LE(at + 16),
        packed: directory.readUInt32LE(at + 20),
        size: directory.readUInt32LE(at + 24),
        offset: directory.readUInt32LE(at + 42),
      });
      at += 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
    }
    return entries;
  } finally {
    await file.close();
  }
}

async function centralDirectory(file: FileHandle, path: string): Promise<Buffer> {
  const { size } = await file.stat();
  const tail = Buffer.alloc(Math.min(size, 65_557)); // the end record and its longest comment
  await file.read(tail, 0, tail.length, size - tail.length);
  for (let at = tail.length - 22; at >= 0; at--)
    if (tail.readUInt32LE(at) === END) {
      const directory = Buffer.alloc(tail.readUInt32LE(at + 12));
      await file.read(directory, 0, directory.length, tail.readUInt32LE(at + 16));
      return directory;
    }
  throw new RouteError(`${path} is not a zip archive`);
}

/** Unpacks one entry to the file `target`, streaming; throws when it is damaged. `onBytes` hears of unpacked bytes. */
export async function unzipTo(
  path: string,
  entry: ZipEntry,
  target: string,
  options: { signal?: AbortSignal | undefined; onBytes?: (bytes: number) => void } = {},
): Promise<void> {
  const file = await open(path, "r");
  const local = Buffer.alloc(30);
  await file.read(local, 0, 30, entry.offset).finally(() => file.close());
  const start = entry.offset + 30 + local.readUInt16LE(26) + local.readUInt16LE(28);
  await mkdir(dirname(target), { recursive: true });
  let crc = 0;
  let size = 0;
  const check = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      crc = crc32(chunk, crc);
      size += chunk.length;
      options.onBytes?.(chunk.length);
      done(null, chunk);
    },
  });
  const packed =
    entry.packed === 0
      ? Readable.from([])
      : createReadStream(path, { start, end: start + entry.packed - 1, highWaterMark: 1 << 20 });
  const out = createWriteStream(target);
  const cancel = options.signal ? { signal: options.signal } : {};
  if (entry.method === 8)
    await pipeline(packed, createInflateRaw({ chunkSize: 1 << 20 }), check, out, cancel);
  else await pipeline(packed, check, out, cancel);
  if (crc !== entry.crc || size !== entry.size)
    throw new RouteError(`${entry.name} in ${path} is damaged`);
}
