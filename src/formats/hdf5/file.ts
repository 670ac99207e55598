import type { TensorData } from "../../base/tensor.ts";
import type { Stored } from "../bytes/numbers.ts";

/** What lies at a path of a file. */
export type ObjectKind = "group" | "dataset" | "missing";

/** A read-only HDF5 file over a byte source. Every failure is a ConvLensError of kind `input`. */
export interface Hdf5File {
  /** For messages. */
  readonly name: string;
  /** What lies at `path`. Links that lead out of the file are refused, not followed. */
  kind(path: string): ObjectKind;
  /** Names of a group's members, sorted. */
  keys(path: string): string[];
  /** A text attribute (or a list of them); null when there is none. */
  attribute(path: string, name: string): string | string[] | null;
  dataset(path: string): { readonly shape: readonly number[]; readonly stored: Stored };
  /** Where a data set's numbers begin; null when they do not lie in one piece. */
  position(path: string): number | null;
  read(path: string): TensorData;
  close(): void;
}
