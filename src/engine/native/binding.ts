/** The part of tfjs-node's C++ addon that runs whole graphs. Every tensor is a number that must be deleted. */
export interface Binding {
  readonly TF_Version: string;
  createTensor(
    shape: readonly number[],
    dtype: number,
    data: Float32Array | Int32Array | Uint8Array,
  ): number;
  deleteTensor(id: number): void;
  /** Runs one operation at once; its outputs are tensors to be deleted. `type` of an attribute: as the constants here have it. */
  executeOp(
    name: string,
    attributes: readonly { readonly name: string; readonly type: number; readonly value: number }[],
    tensors: readonly number[],
    outputs: number,
  ): { readonly id: number }[];
  readonly TF_ATTR_TYPE: number;
  tensorDataSync(id: number): Float32Array | Int32Array | Uint8Array;
  loadSavedModel(folder: string, tags: string): number;
  deleteSavedModel(id: number): void;
  /** `inputs` and `outputs` are comma separated `node:index`. */
  runSavedModel(
    id: number,
    tensors: readonly number[],
    inputs: string,
    outputs: string,
  ): { readonly id: number; readonly shape: readonly number[]; readonly dtype: number }[];
  getNumOfTensors(): number;
  getNumOfSavedModels(): number;
}
