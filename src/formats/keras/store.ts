import type { TensorData } from "../../base/tensor.ts";
import { dtypeName } from "../bytes/numbers.ts";
import type { Hdf5File } from "../hdf5/file.ts";

/** Where the parameters of a Keras model lie: an HDF5 file, or the shards of TensorFlow.js. */
export interface KerasStore {
  /** The model file's name, for messages. */
  readonly name: string;
  /** Shape and stored element type of the parameter at `path`; throws a ConvLensError of kind `input` when there is none. */
  describe(path: string): { readonly shape: readonly number[]; readonly dtype: string };
  /** Its numbers, widened to the graph's types; throws a ConvLensError of kind `input` when they are damaged. */
  read(path: string): TensorData;
  /** Releases the file. */
  close(): void;
}

/** The data sets of an HDF5 file. */
export const hdf5Store = (file: Hdf5File): KerasStore => ({
  name: file.name,
  describe: (path) => {
    const { shape, stored } = file.dataset(path);
    return { shape, dtype: dtypeName(stored) };
  },
  read: (path) => file.read(path),
  close: () => {
    file.close();
  },
});
