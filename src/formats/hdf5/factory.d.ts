/** h5wasm's own factory of its WebAssembly module. */
declare module "*/h5wasm/dist/esm/hdf5_util.js" {
  import type { ready } from "h5wasm";
  const create: (options: { noInitialRun: boolean }) => Promise<Awaited<typeof ready>>;
  export default create;
}
