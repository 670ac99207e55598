/** Files of packages that are not bundled but copied into dist/: [from, to folder]. */

/** Read at run time beside the bundle that needs them. */
export const assets = [
  ...["", "-simd"].map((kind) => [
    `node_modules/@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm${kind}.wasm`,
    "dist",
  ]),
  ["node_modules/@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm", "dist"],
  ["src/pictures/decode/webp/webp-rows.wasm", "dist"],
  ["samples/imagenet-labels.txt", "dist"],
  ["node_modules/web-tree-sitter/web-tree-sitter.wasm", "dist"],
  ["node_modules/tree-sitter-python/tree-sitter-python.wasm", "dist"],
  // read by a person's own Python
  ["media/python/convlens.py", "dist/python"],
];

/** Compiled where the native engine is got and no binding came along; `package.json` says where TensorFlow is downloaded from. */
export const nativeSources = [
  ["node_modules/@tensorflow/tfjs-node/binding", "dist/native/source/binding"],
  ["node_modules/@tensorflow/tfjs-node/package.json", "dist/native/source"],
  ["node_modules/node-api-headers/include", "dist/native/source/include"],
];

/** Structures of well-known networks: a folder as it is. */
export const library = ["library", "dist/library"];
