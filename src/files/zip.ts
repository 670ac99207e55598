/** The index of a zip file, by APPNOTE.TXT 6.3.10 (zip64 included). Nothing is unpacked here, and nothing is trusted. */

/** A file in a zip archive, as its directory tells. */
export interface ZipMember {
  readonly name: string;
  /** In bytes, unpacked. */
  readonly size: number;
  /** In bytes, as it lies in the file. */
  readonly stored: number;
  /** 0 stored, 8 deflated. */
  readonly method: number;
  readonly crc: number;
  readonly encrypted: boolean;
  /** Where its own header begins in the file. */
  readonly header: number;
}
/** The bytes of a file; `read` throws where they are not there. */
export interface ZipBytes {
  readonly size: number;
  read(offset: number, length: number): Buffer;
}
/** There is no readable index, or a member is not where it says. */
export class DamagedZip extends Error {}

const END = 0x06054b50;
const END64_LOCATOR = 0x07064b50;
const END64 = 0x06064b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
const FULL32 = 0xffffffff;
const FULL16 = 0xffff;
/** The end record and its longest comment. */
const TAIL = 65_557;

/** The members by name. Throws a DamagedZip. */
export function zipIndex(file: ZipBytes): ReadonlyMap<string, ZipMember> {
  const { count, size, offset } = directory(file);
  const bytes = file.read(offset, size);
  const members = new Map<string, ZipMember>();
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== ENTRY) throw new DamagedZip();
    const nameEnd = at + 46 + bytes.readUInt16LE(at + 28);
    const extraEnd = nameEnd + bytes.readUInt16LE(at + 30);
    if (extraEnd > bytes.length) throw new DamagedZip();
    const name = bytes.toString("utf8", at + 46, nameEnd);
    const sizes = large(bytes.subarray(nameEnd, extraEnd), [
      bytes.readUInt32LE(at + 24),
      bytes.readUInt32LE(at + 20),
      bytes.readUInt32LE(at + 42),
    ]);
    members.set(name, {
      name,
      size: sizes[0],
      stored: sizes[1],
      header: sizes[2],
      method: bytes.readUInt16LE(at + 10),
      crc: bytes.readUInt32LE(at + 16),
      encrypted: (bytes.readUInt16LE(at + 8) & 1) === 1,
    });
    at = extraEnd + bytes.readUInt16LE(at + 32);
  }
  return members;
}

/** Where the bytes of a member begin in the file. Throws a DamagedZip where they are not in it. */
export function contentOf(file: ZipBytes, { header, stored }: ZipMember): number {
  const local = file.read(header, 30);
  if (local.readUInt32LE(0) !== LOCAL) throw new DamagedZip();
  const start = header + 30 + local.readUInt16LE(26) + local.readUInt16LE(28);
  if (start + stored > file.size) throw new DamagedZip();
  return start;
}

function directory(file: ZipBytes): { count: number; size: number; offset: number } {
  const length = Math.min(file.size, TAIL);
  const tail = file.read(file.size - length, length);
  let at = tail.length - 22;
  while (at >= 0 && tail.readUInt32LE(at) !== END) at--;
  if (at < 0) throw new DamagedZip();
  const end = {
    count: tail.readUInt16LE(at + 10),
    size: tail.readUInt32LE(at + 12),
    offset: tail.readUInt32LE(at + 16),
  };
  if (end.count !== FULL16 && end.size !== FULL32 && end.offset !== FULL32) return end;
  const locator = at - 20;
  if (locator < 0 || tail.readUInt32LE(locator) !== END64_LOCATOR) return end;
  const record = file.read(Number(tail.readBigUInt64LE(locator + 8)), 56);
  if (record.readUInt32LE(0) !== END64) throw new DamagedZip();
  return {
    count: Number(record.readBigUInt64LE(32)),
    size: Number(record.readBigUInt64LE(40)),
    offset: Number(record.readBigUInt64LE(48)),
  };
}

/** Sizes of a member, with those that did not fit 32 bits taken from the zip64 extra field (id 1). */
function large(extra: Buffer, sizes: [number, number, number]): [number, number, number] {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue;
    let from = at + 4;
    return sizes.map((size) => {
      if (size !== FULL32 || from + 8 > extra.length) return size;
      from += 8;
      return Number(extra.readBigUInt64LE(from - 8));
    }) as [number, number, number];
  }
  return sizes;
}
