import { lstatSync, realpathSync } from "node:fs";
import path from "node:path";
import { inputError } from "../../base/errors.ts";
import { FileSource, readBytes } from "../bytes/source.ts";
import type { ExternalData } from "./tensor.ts";

/**
 * Files with the bytes of large tensors beside the model. Nothing outside the model's folder is read: no absolute path, no way
 * up, no link, no URL (CVE-2022-25882, CVE-2024-27318, CVE-2025-51480).
 */
export class ExternalFiles {
  private readonly sources = new Map<string, FileSource>();
  private readonly folder: string;

  constructor(private readonly model: string) {
    this.folder = path.dirname(model);
  }

  /** `length` bytes; throws a ConvLensError of kind `input`. */
  read(
    { location, offset, length: told }: ExternalData,
    length: number,
    tensor: string,
  ): Uint8Array {
    const name = path.basename(this.model);
    const source = this.open(location, tensor);
    const known = Number.isSafeInteger(offset) && offset >= 0 && (told === null || told === length);
    if (!known || offset + length > source.size)
      throw inputError(
        `'${name}' wants ${length} bytes for '${tensor}' from byte ${offset} of '${location}', which has ${source.size}; copy both files again.`,
      );
    return readBytes(source, offset, length);
  }
  verify(): void {
    for (const source of this.sources.values()) source.verify();
  }
  close(): void {
    for (const source of this.sources.values()) source.close();
    this.sources.clear();
  }

  private open(location: string, tensor: string): FileSource {
    const known = this.sources.get(location);
    if (known) return known;
    const source = new FileSource(this.inside(location, tensor));
    this.sources.set(location, source);
    return source;
  }
  private inside(location: string, tensor: string): string {
    const name = path.basename(this.model);
    const refused = (why: string): Error =>
      inputError(
        `'${name}' stores '${tensor}' in '${location.slice(0, 120)}', ${why}; keep the data in the model's own folder.`,
      );
    const parts = location.split(/[/\\]/);
    if (location === "" || location.includes("\0") || location.includes("://"))
      throw refused("which is no file name");
    if (path.isAbsolute(location) || /^[a-z]:/i.test(location) || parts.includes(".."))
      throw refused("which is outside of its folder");
    const file = path.join(this.folder, ...parts);
    try {
      if (!lstatSync(file).isFile()) throw refused("which is a link or no plain file");
      const inside = path.relative(realpathSync(this.folder), realpathSync(file));
      if (inside.startsWith("..") || path.isAbsolute(inside))
        throw refused("which a link leads out of its folder");
      return file;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === undefined) throw error;
      throw inputError(
        `'${name}' stores '${tensor}' in '${location}', which is not beside it; copy that file into the same folder.`,
      );
    }
  }
}
