import { lstatSync, realpathSync } from "node:fs";
import path from "node:path";
import { inputError } from "../../base/errors.ts";
import type { Generation } from "../../files/generation.ts";
import { FileSource, readBytes } from "../bytes/source.ts";
import type { ExternalData } from "./tensor.ts";

/**
 * Files with the bytes of large tensors beside the model. Nothing outside the model's folder is read: no absolute path, no way
 * up, no link, no URL (CVE-2022-25882, CVE-2024-27318, CVE-2025-51480).
 */
export class ExternalFiles {
  private readonly sources = new Map<string, FileSource>();
  private readonly folder: string;

  constructor(
    private readonly model: string,
    private readonly generation: Generation,
  ) {
    this.folder = path.dirname(model);
  }

  /** Takes the stamp of a file that `location` names, where it is one that may be read; why it is not is said when it is. */
  expect(location: string): void {
    if (whyOutside(location) === null)
      this.generation.add(path.join(this.folder, ...location.split(/[/\\]/)));
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
  close(): void {
    for (const source of this.sources.values()) source.close();
    this.sources.clear();
  }

  private open(location: string, tensor: string): FileSource {
    const known = this.sources.get(location);
    if (known) return known;
    const source = new FileSource(this.inside(location, tensor), this.generation).keepWithin(
      this.folder,
      () => this.refused(location, tensor, "which a link leads out of its folder"),
    );
    this.sources.set(location, source);
    return source;
  }
  private refused(location: string, tensor: string, why: string): Error {
    const name = path.basename(this.model);
    return inputError(
      `'${name}' stores '${tensor}' in '${location.slice(0, 120)}', ${why}; keep the data in the model's own folder.`,
    );
  }
  private inside(location: string, tensor: string): string {
    const name = path.basename(this.model);
    const refused = (why: string): Error => this.refused(location, tensor, why);
    const why = whyOutside(location);
    if (why !== null) throw refused(why);
    const file = path.join(this.folder, ...location.split(/[/\\]/));
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

/** Why a location names no file in the model's folder; null where it may. */
function whyOutside(location: string): string | null {
  if (location === "" || location.includes("\0") || location.includes("://"))
    return "which is no file name";
  const climbs = location.split(/[/\\]/).includes("..");
  return path.isAbsolute(location) || /^[a-z]:/i.test(location) || climbs
    ? "which is outside of its folder"
    : null;
}
