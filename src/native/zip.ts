import { closeSync, createReadStream, createWriteStream, fstatSync, openSync, readSync } from "node:fs"; // prettier-ignore
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { crc32, createInflateRaw } from "node:zlib";
import { contentOf, DamagedZip, zipIndex, type ZipBytes, type ZipMember } from "../files/zip.ts";
import { RouteError } from "./reasons.ts";

/** Looks into the zip at `path`; throws a RouteError where it is none. */
function looked<T>(path: string, look: (file: ZipBytes) => T): T {
  const file = openSync(path, "r");
  try {
    const { size } = fstatSync(file);
    const read = (offset: number, length: number): Buffer => {
      if (offset < 0 || offset + length > size) throw new DamagedZip();
      const bytes = Buffer.alloc(length);
      readSync(file, bytes, 0, length, offset);
      return bytes;
    };
    return look({ size, read });
  } catch (error) {
    throw error instanceof DamagedZip ? new RouteError(`${path} is not a zip archive`) : error;
  } finally {
    closeSync(file);
  }
}

/** The entries of the zip at `path`. Throws a RouteError where it is none. */
export const zipEntries = (path: string): Promise<ZipMember[]> =>
  Promise.resolve().then(() => [...looked(path, zipIndex).values()]);

/** Unpacks one entry to the file `target`, streaming; throws when it is damaged. `onBytes` hears of unpacked bytes. */
export async function unzipTo(
  path: string,
  entry: ZipMember,
  target: string,
  options: { signal?: AbortSignal | undefined; onBytes?: (bytes: number) => void } = {},
): Promise<void> {
  const start = looked(path, (file) => contentOf(file, entry));
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
    entry.stored === 0
      ? Readable.from([])
      : createReadStream(path, { start, end: start + entry.stored - 1, highWaterMark: 1 << 20 });
  const out = createWriteStream(target);
  const cancel = options.signal ? { signal: options.signal } : {};
  if (entry.method === 8)
    await pipeline(packed, createInflateRaw({ chunkSize: 1 << 20 }), check, out, cancel);
  else await pipeline(packed, check, out, cancel);
  if (crc !== entry.crc || size !== entry.size)
    throw new RouteError(`${entry.name} in ${path} is damaged`);
}
