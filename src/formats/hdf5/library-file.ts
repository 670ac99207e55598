import { inputError } from "../../base/errors.ts";
import type { TensorData } from "../../base/tensor.ts";
import type { ByteSource } from "../bytes/source.ts";
import { describe, locate, readDataset, type DatasetInfo } from "./dataset.ts";
import type { Hdf5File, ObjectKind } from "./file.ts";
import { hdf5Library, type Hdf5Library, type Mount } from "./library.ts";
import { textAttribute } from "./text.ts";

/** An attribute longer than this is no description of a network. */
const MAX_TEXT = 256 * 2 ** 20;

/** Any HDF5 file, by the library. */
export class LibraryFile implements Hdf5File {
  private readonly datasets = new Map<string, DatasetInfo>();
  private readonly kinds = new Map<string, ObjectKind>();

  private constructor(
    private readonly source: ByteSource,
    readonly name: string,
    private readonly library: Hdf5Library,
    private readonly mount: Mount,
    private readonly file: bigint,
  ) {}

  static async open(source: ByteSource, name: string): Promise<LibraryFile> {
    const library = await hdf5Library();
    const mount = library.mount(source);
    try {
      const file = library.module.open(mount.path, library.module.H5F_ACC_RDONLY, false, -1, -1);
      if (file < 0n) throw new RangeError("not opened");
      return new LibraryFile(source, name, library, mount, file);
    } catch (error) {
      if (!library.judge(error)) mount.unmount();
      throw mount.failure ?? damaged(name, error);
    }
  }

  kind(path: string): ObjectKind {
    const parts = path.split("/").filter(Boolean);
    if (parts.length === 0) return "group";
    const own = `/${parts.join("/")}`;
    const known = this.kinds.get(own);
    if (known) return known;
    const parent = this.kind(parts.slice(0, -1).join("/"));
    const kind = parent === "group" ? this.guard(() => this.kindIn(own)) : "missing";
    this.kinds.set(own, kind);
    return kind;
  }

  /** `path` lies in a group of this file. */
  private kindIn(path: string): ObjectKind {
    const { module } = this.library;
    const type = module.get_type(this.file, path);
    if (type === module.H5G_GROUP) return "group";
    if (type === module.H5G_DATASET) return "dataset";
    if (type !== module.H5G_UDLINK) return "missing";
    throw inputError(
      `'${this.name}' keeps '${path}' in another file (an external link), which is never followed; save the model into one file.`,
    );
  }

  keys(path: string): string[] {
    return this.guard(() => this.library.module.get_names(this.file, path, false));
  }

  attribute(path: string, name: string): string | string[] | null {
    return this.guard(() => {
      const { module } = this.library;
      if (!module.get_attribute_names(this.file, path).includes(name)) return null;
      const facts = module.get_attribute_metadata(this.file, path, name);
      const most = Math.min(this.source.size, MAX_TEXT);
      if (facts.size * facts.total_size > most)
        throw inputError(
          `'${this.name}' declares an attribute '${name}' larger than the file; save the model again.`,
        );
      // texts of any length, as the file has them and as they are returned
      return this.mount.room(2 * most, () => textAttribute(module, this.file, path, name, facts));
    });
  }

  dataset(path: string): DatasetInfo {
    const known = this.datasets.get(path);
    if (known) return known;
    const info = this.guard(() => {
      try {
        return describe(this.library.module, this.file, path, this.source);
      } catch (error) {
        if (this.kind(path) === "dataset") throw error;
        throw inputError(`'${this.name}' has no data set '${path}'; save the model again.`);
      }
    });
    this.datasets.set(path, info);
    return info;
  }

  position(path: string): number | null {
    const info = this.dataset(path);
    return this.guard(() => locate(this.library.module, this.file, info, this.mount));
  }

  read(path: string): TensorData {
    const info = this.dataset(path);
    return this.guard(() =>
      readDataset(this.library.module, this.file, info, this.mount, this.source),
    );
  }

  close(): void {
    if (!this.library.broken) {
      try {
        this.library.module.close_file(this.file);
        this.mount.unmount();
      } catch (error) {
        this.library.judge(error); // the file goes either way
      }
    }
    this.source.close();
  }

  private guard<T>(work: () => T): T {
    if (this.library.broken)
      throw inputError(
        `'${this.name}' was closed because a damaged HDF5 file was met; open it again.`,
      );
    this.mount.failure = null;
    try {
      const result = work();
      if (this.mount.failure === null) return result;
      throw this.mount.failure as Error;
    } catch (error) {
      this.library.judge(error);
      throw this.mount.failure ?? damaged(this.name, error);
    }
  }
}

function damaged(name: string, error: unknown): unknown {
  if (error instanceof Error && error.name === "ConvLensError") return error;
  return inputError(`'${name}' is a damaged or truncated HDF5 file; copy or save it again.`);
}
