import { mkdir } from "node:fs/promises";
import path from "node:path";
import { writeWhole, writingFailed } from "../../files/write-whole.ts";
import { usageError } from "../../base/errors.ts";
import type { FloatTensor } from "../../base/tensor.ts";
import { encodeNpy } from "../../pictures/index.ts";
import { refuseOver } from "./not-over.ts";

/** An array of a result, as the JSON tells of it. */
export interface ArrayEntry {
  readonly name: string;
  /** Relative to the --out folder; null where nothing is written. */
  readonly file: string | null;
  readonly shape: readonly number[];
  readonly dtype: "float32";
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
}

/** What a command makes: described always, written where --out names a folder. */
export class Artifacts {
  readonly arrays: ArrayEntry[] = [];
  /** Pictures that were written, relative to the folder. */
  readonly pictures: string[] = [];
  private made: Promise<void> | null = null;
  private readonly taken = new Set<string>();

  /** `read`: files that the command reads, which are not written over. */
  constructor(
    readonly folder: string | null,
    private readonly read: readonly string[] = [],
  ) {}

  async array(name: string, tensor: FloatTensor): Promise<void> {
    const file = this.folder === null ? null : this.fileName(name, ".npy");
    if (file !== null) await this.write(file, encodeNpy(tensor));
    this.arrays.push({ name, file, shape: tensor.shape, dtype: "float32", ...statistics(tensor) });
  }

  /** `draw` is called only where the picture is wanted. */
  async picture(name: string, draw: () => Uint8Array): Promise<void> {
    if (this.folder === null) return;
    const file = this.fileName(name, ".png");
    await this.write(file, draw());
    this.pictures.push(file);
  }

  /** An HTML file; returns its path. Only where --out names a folder. */
  async page(name: string, text: string): Promise<string> {
    const file = this.fileName(name, ".html");
    await this.write(file, text);
    this.pictures.push(file);
    return path.join(this.folder ?? ".", file);
  }

  async document(name: string, text: string): Promise<void> {
    if (this.folder !== null) await this.write(this.fileName(name, ".json"), text);
  }

  /** Layer names may hold what file names must not: `outer/inner` becomes `outer_inner`. */
  private fileName(name: string, extension: string): string {
    const safe = name
      .replace(/[^\w.+-]+/g, "_")
      .replace(/^\.+/, "_")
      .slice(0, 120);
    let file = safe + extension;
    // also where letter case does not count
    for (let copy = 2; this.taken.has(file.toLowerCase()); copy++)
      file = `${safe}-${copy}${extension}`;
    this.taken.add(file.toLowerCase());
    return file;
  }

  private async write(file: string, content: Uint8Array | string): Promise<void> {
    const folder = this.folder ?? ".";
    // made once: a folder that goes away meanwhile is no place to write to
    this.made ??= mkdir(folder, { recursive: true }).then(
      () => undefined,
      (cause: unknown) => {
        const reason = (cause as { code?: unknown }).code;
        if (reason === "ENOSPC" || reason === "EDQUOT") throw writingFailed(folder, cause);
        throw usageError(`The --out folder ${folder} cannot be written (${String(reason)}).`);
      },
    );
    await this.made;
    const place = path.join(folder, file);
    await refuseOver(place, this.read);
    await writeWhole(place, content);
  }
}

function statistics({ data }: FloatTensor): Pick<ArrayEntry, "min" | "max" | "mean"> {
  if (data.length === 0) return { min: null, max: null, mean: null };
  let [min, max, sum] = [Infinity, -Infinity, 0];
  for (const value of data) {
    min = Math.min(min, value);
    max = Math.max(max, value);
    sum += value;
  }
  return { min, max, mean: sum / data.length };
}
