/** A zip file's index and its members, by APPNOTE.TXT 6.3.10 (zip64 included). Nothing is unpacked that is not asked for. */
import { inflateRawSync } from "node:zlib";
import { inputError } from "../../base/errors.ts";
import { MemorySource, readBytes, SourceWindow, type ByteSource } from "./source.ts";

/** A file in a zip archive, as its directory tells. */
export interface ZipMember {
  readonly name: string;
  readonly size: number;
  readonly stored: number;
  readonly method: number;
  readonly encrypted: boolean;
  readonly header: number;
}

const END = 0x06054b50;
const END64_LOCATOR = 0x07064b50;
const END64 = 0x06064b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
const FULL32 = 0xffffffff;
const FULL16 = 0xffff;
/** Deflate cannot shrink by more than this: a larger declared size is a lie. */
const MAX_RATIO = 1032;
const MAX_INFLATED = 2 ** 31;
/** Numbers that were trained shrink by less than MODEST_RATIO; what shrinks more may not become large. */
const MODEST_RATIO = 20;
const MAX_DENSE = 64 * 2 ** 20;

/** The members by name. Throws a ConvLensError of kind `input` when there is no readable index. */
export function readZip(source: ByteSource): ReadonlyMap<string, ZipMember> {
  const { count, size, offset } = directory(source);
  const bytes = readBytes(source, offset, size);
  const members = new Map<string, ZipMember>();
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== ENTRY) throw damaged(source);
    const nameEnd = at + 46 + bytes.readUInt16LE(at + 28);
    const extraEnd = nameEnd + bytes.readUInt16LE(at + 30);
    if (extraEnd > bytes.length) throw damaged(source);
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
      encrypted: (bytes.readUInt16LE(at + 8) & 1) === 1,
    });
    at = extraEnd + bytes.readUInt16LE(at + 32);
  }
  return members;
}

/** A member's content: in place when it is stored, else inflated, and never beyond the size it declares or `limit`. */
export function openMember(
  source: ByteSource,
  member: ZipMember,
  limit = MAX_INFLATED,
): ByteSource {
  const label = `${source.name}/${member.name}`;
  if (member.encrypted)
    throw inputError(`'${label}' is encrypted; save the model without a password.`);
  const local = readBytes(source, member.header, 30);
  if (local.readUInt32LE(0) !== LOCAL) throw damaged(source);
  const start = member.header + 30 + local.readUInt16LE(26) + local.readUInt16LE(28);
  if (start + member.stored > source.size) throw damaged(source);
  if (member.method === 0) {
    if (member.size !== member.stored) throw damaged(source);
    return new SourceWindow(source, label, start, member.size);
  }
  if (member.method !== 8)
    throw inputError(`'${label}' is packed with method ${member.method}; save the model again.`);
  if (member.size > member.stored * MAX_RATIO + 64 || member.size > MAX_INFLATED)
    throw inputError(
      `'${label}' declares ${member.size} bytes in ${member.stored} packed ones, which cannot be; save the model again.`,
    );
  if (member.size > limit)
    throw inputError(
      `'${label}' unpacks to ${member.size} bytes, more than any network needs; save the model again.`,
    );
  if (member.size > Math.max(MAX_DENSE, member.stored * MODEST_RATIO))
    throw inputError(
      `'${label}' would become ${member.size} bytes out of ${member.stored} packed ones; pack it again without compression.`,
    );
  try {
    const packed = readBytes(source, start, member.stored);
    const bytes = inflateRawSync(packed, { maxOutputLength: Math.max(1, member.size) });
    if (bytes.length !== member.size) throw new RangeError("the size differs");
    return new MemorySource(label, bytes, source);
  } catch {
    throw inputError(
      `'${label}' cannot be unpacked to the size it declares; save the model again.`,
    );
  }
}

function directory(source: ByteSource): { count: number; size: number; offset: number } {
  const tail = readBytes(source, Math.max(0, source.size - 65557), Math.min(source.size, 65557));
  let at = tail.length - 22;
  while (at >= 0 && tail.readUInt32LE(at) !== END) at--;
  if (at < 0) throw damaged(source);
  const end = {
    count: tail.readUInt16LE(at + 10),
    size: tail.readUInt32LE(at + 12),
    offset: tail.readUInt32LE(at + 16),
  };
  if (end.count !== FULL16 && end.size !== FULL32 && end.offset !== FULL32) return end;
  const locator = at - 20;
  if (locator < 0 || tail.readUInt32LE(locator) !== END64_LOCATOR) return end;
  const record = readBytes(source, Number(tail.readBigUInt64LE(locator + 8)), 56);
  if (record.readUInt32LE(0) !== END64) throw damaged(source);
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

const damaged = (source: ByteSource): Error =>
  inputError(`'${source.name}' is a damaged or truncated zip archive; copy or save it again.`);
