import type { WeightStore } from "../../graph/index.ts";
import type { Hdf5File } from "../hdf5/file.ts";
import { dtypeName } from "../bytes/numbers.ts";

/** Where the parameters of a Keras model lie: an HDF5 file, or the shards of TensorFlow.js. */
export interface KerasStore extends WeightStore {
  /** The model file's name, for messages. */
  readonly name: string;
  /** Shape and stored element type of the parameter at `path`; throws a ConvLensError of kind `input` when there is none. */
  describe(path: string): { readonly shape: readonly number[]; readonly dtype: string };
}

export const hdf5Store = (file: Hdf5File): KerasStore => ({
  name: file.name,
  describe: (path) => {
    const { shape, stored } = file.dataset(path);
    return { shape, dtype: dtypeName(stored) };
  },
  read: (path) => Promise.resolve().then(() => file.read(path)),
  close: () => {
    file.close();
  },
});
