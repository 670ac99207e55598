/**
 * What packages have compiled in without their package.json saying so. Every package that ships WebAssembly is here; `text`: its licence, in
 * node_modules or scripts/licences.
 */
const own = (file) => `scripts/licences/${file}.txt`;

/** In everything that Emscripten made. */
const runtime = [
  { name: "Emscripten", licence: "MIT", text: own("emscripten") },
  { name: "musl", licence: "MIT", text: own("musl") },
  {
    name: "compiler-rt, libc++ and libc++abi",
    licence: "Apache-2.0 WITH LLVM-exception",
    text: own("llvm"),
  },
];

/** @type {Record<string, { name: string, licence: string, text: string, note?: string }[]>} */
export const parts = {
  "@dagrejs/dagre": [
    {
      name: "@dagrejs/graphlib",
      licence: "MIT",
      text: "node_modules/@dagrejs/graphlib/LICENSE",
    },
  ],
  "@jsquash/jpeg": [
    {
      name: "MozJPEG",
      licence: "IJG AND BSD-3-Clause AND Zlib",
      text: "node_modules/@jsquash/jpeg/codec/LICENSE.codec.md",
      note: "This software is based in part on the work of the Independent JPEG Group (libjpeg-turbo and MozJPEG).",
    },
    ...runtime,
  ],
  "@tensorflow/tfjs-backend-wasm": [
    { name: "XNNPACK", licence: "BSD-3-Clause", text: own("xnnpack") },
    { name: "cpuinfo", licence: "BSD-2-Clause", text: own("cpuinfo") },
    { name: "pthreadpool", licence: "BSD-2-Clause", text: own("pthreadpool") },
    { name: "FP16", licence: "MIT", text: own("fp16") },
    { name: "FXdiv", licence: "MIT", text: own("fxdiv") },
    ...runtime,
  ],
  h5wasm: [
    { name: "HDF5", licence: "BSD-3-Clause", text: "node_modules/h5wasm/LICENSE.txt" },
    { name: "zlib", licence: "Zlib", text: own("zlib") },
    { name: "libaec", licence: "BSD-2-Clause", text: own("libaec") },
    ...runtime,
  ],
  "tree-sitter-python": [],
  "web-tree-sitter": [
    {
      name: "ICU's UTF-8 and UTF-16 macros",
      licence: "Unicode-DFS-2016 AND ICU",
      text: own("icu"),
    },
    ...runtime,
  ],
};

/** Licence texts of packages that come without one. */
export const texts = {
  "@tensorflow/tfjs-backend-cpu": "LICENSE",
  "@tensorflow/tfjs-backend-wasm": "LICENSE",
  "@tensorflow/tfjs-core": "LICENSE",
  "@tensorflow/tfjs-node": "LICENSE",
  seedrandom: own("seedrandom"),
};

/** Python packages whose networks are recorded in library/, by their names in its index. */
export const recorded = [
  { name: "torchvision", licence: "BSD-3-Clause", text: own("torchvision") },
  { name: "timm", licence: "Apache-2.0", text: own("timm") },
  {
    name: "segmentation_models_pytorch",
    licence: "MIT",
    text: own("segmentation-models-pytorch"),
  },
  { name: "transformers", licence: "Apache-2.0", text: own("transformers") },
];

/** What is built here, by scripts of this name, out of other people's sources: their versions are in the script's built.json. */
export const built = [
  { name: "libwebp", licence: "BSD-3-Clause", text: own("libwebp"), script: "scripts/webp" },
];
