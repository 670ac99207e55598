import { inputError } from "../../../base/errors.ts";
import type { TensorData } from "../../../base/tensor.ts";
import { decode } from "../../bytes/numbers.ts";
import { readBytes, type ByteSource } from "../../bytes/source.ts";
import type { Hdf5File, ObjectKind } from "../file.ts";
import { readTree, type Dataset } from "./tree.ts";

/**
 * A file as HDF5 wrote it since 1.6 and h5py and Keras write it still: read here, in a few milliseconds. Loading the library alone takes
 * a fifth of a second.
 */
export class PlainFile implements Hdf5File {
  private constructor(
    private readonly source: ByteSource,
    readonly name: string,
    private readonly tree: ReturnType<typeof readTree>,
  ) {}

  /** Null for any other HDF5 file, a damaged one too: the library tells what it is. */
  static open(source: ByteSource, name: string): PlainFile | null {
    try {
      return new PlainFile(source, name, readTree(source));
    } catch {
      return null;
    }
  }

  kind(path: string): ObjectKind {
    return this.object(path)?.kind ?? "missing";
  }
  keys(path: string): string[] {
    const group = this.object(path);
    return group?.kind === "group" ? [...group.names] : [];
  }
  attribute(path: string, name: string): string | string[] | null {
    return this.object(path)?.attributes.get(name) ?? null;
  }
  dataset(path: string): Dataset {
    const found = this.object(path);
    if (found?.kind === "dataset") return found;
    throw inputError(`'${this.name}' has no data set '${path}'; save the model again.`);
  }
  position(path: string): number | null {
    const { bytes, position } = this.dataset(path);
    return bytes === 0 ? null : position;
  }
  read(path: string): TensorData {
    const { position, bytes, stored, shape } = this.dataset(path);
    return decode(readBytes(this.source, position, bytes), stored, shape);
  }
  close(): void {
    this.source.close();
  }

  private object(path: string): ReturnType<PlainFile["tree"]["get"]> {
    return this.tree.get(path.split("/").filter(Boolean).join("/"));
  }
}
