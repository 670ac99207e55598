/** The members of a zip file. Nothing is unpacked that is not asked for. */
import { inflateRawSync } from "node:zlib";
import { inputError } from "../../base/errors.ts";
import { contentOf, DamagedZip, zipIndex, type ZipBytes, type ZipMember } from "../../files/zip.ts";
import { MemorySource, readBytes, SourceWindow, type ByteSource } from "./source.ts";

export type { ZipMember } from "../../files/zip.ts";

/** Deflate cannot shrink by more than this: a larger declared size is a lie. */
const MAX_RATIO = 1032;
const MAX_INFLATED = 2 ** 31;
/** Numbers that were trained shrink by less than MODEST_RATIO; what shrinks more may not become large. */
const MODEST_RATIO = 20;
const MAX_DENSE = 64 * 2 ** 20;

const bytesOf = (source: ByteSource): ZipBytes => ({
  size: source.size,
  read: (offset, length) => readBytes(source, offset, length),
});
/** What is found in the archive; where it is damaged, a ConvLensError of kind `input`. */
function found<T>(source: ByteSource, look: (file: ZipBytes) => T): T {
  try {
    return look(bytesOf(source));
  } catch (error) {
    throw error instanceof DamagedZip ? damaged(source) : error;
  }
}

/** The members by name. Throws a ConvLensError of kind `input` when there is no readable index. */
export const readZip = (source: ByteSource): ReadonlyMap<string, ZipMember> =>
  found(source, zipIndex);

/** A member's content: in place when it is stored, else inflated, and never beyond the size it declares or `limit`. */
export function openMember(
  source: ByteSource,
  member: ZipMember,
  limit = MAX_INFLATED,
): ByteSource {
  const label = `${source.name}/${member.name}`;
  if (member.encrypted)
    throw inputError(`'${label}' is encrypted; save the model without a password.`);
  const start = found(source, (file) => contentOf(file, member));
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

const damaged = (source: ByteSource): Error =>
  inputError(`'${source.name}' is a damaged or truncated zip archive; copy or save it again.`);
