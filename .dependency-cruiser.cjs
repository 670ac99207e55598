/** Which folder may import which: the arrows of ARCHITECTURE.md, checked. */

/** What knows nothing of models being open. */
const FLOOR = ["base", "files", "graph", "shared"];
/** What tells of a model that is open. */
const TELLING = [...FLOOR, "methods", "pictures", "session"];
/** What compute and the command line share. */
const SHARED = [...TELLING, "rpc", "formats", "engine", "native", "report", "assistant"];

/** What methods say of themselves: words and numbers. */
const ABOUT = "^src/methods/.+/about\\.ts$";

/** Folders under src/ that each folder may import from, besides itself. */
const allowed = {
  rpc: [],
  base: [],
  files: ["base"],
  graph: ["base"],
  shared: ["rpc", "base", "graph"],
  formats: FLOOR,
  pictures: FLOOR,
  engine: FLOOR,
  native: FLOOR,
  code: ["base", "graph", "shared"],
  methods: ["base", "graph", "shared"], // and the engine's types, see below
  session: [...FLOOR, "formats", "engine", "methods", "pictures", "native"],
  report: TELLING,
  assistant: TELLING,
  cli: SHARED,
  compute: [...SHARED, "code"],
  host: [...FLOOR, "rpc"],
};

const direction = Object.entries(allowed).map(([folder, may]) => ({
  name: `${folder}-imports`,
  comment: `src/${folder} may import ${may.length > 0 ? may.join(", ") : "nothing of ours"}`,
  severity: "error",
  from: { path: `^src/${folder}/` },
  to: {
    path: "^(src|webview)/",
    pathNot: [
      `^src/(${[folder, ...may].join("|")})/`,
      ...(folder === "methods" ? ["^src/engine/types\\.ts$"] : []),
      ...(folder === "shared" ? [ABOUT] : []), // the catalogue alone, see below
    ],
  },
}));

module.exports = {
  forbidden: [
    ...direction,
    {
      name: "methods-engine-types-only",
      comment: "methods know the engine's types, not its code",
      severity: "error",
      from: { path: "^src/methods/" },
      to: { path: "^src/engine/types\\.ts$", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "catalogue-knows-methods",
      comment: "in the vocabulary, the catalogue alone knows what methods say of themselves",
      severity: "error",
      from: { path: "^src/shared/", pathNot: "^src/shared/catalogue\\.ts$" },
      to: { path: ABOUT },
    },
    {
      name: "about-is-vocabulary",
      comment: "what a method says of itself pulls in no maths",
      severity: "error",
      from: { path: ABOUT },
      to: { path: "^(src|webview)/", pathNot: "^src/shared/method\\.ts$" },
    },
    {
      name: "shared-rpc-types-only",
      comment: "shared knows the types of rpc, not its code",
      severity: "error",
      from: { path: "^src/shared/" },
      to: { path: "^src/rpc/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "webview-imports",
      comment: "panels know the vocabulary and the conversation, nothing else",
      severity: "error",
      from: { path: "^webview/" },
      to: { path: "^src/", pathNot: "^src/(base|graph|shared|rpc)/" },
    },
    {
      name: "extension-imports",
      comment: "the entry file wires the host, nothing else",
      severity: "error",
      from: { path: "^src/extension\\.ts$" },
      to: { path: "^(src|webview)/", pathNot: "^src/(host|base|graph|shared|rpc)/" },
    },
    {
      name: "vscode-in-host-only",
      severity: "error",
      from: { path: "^(src|webview)/", pathNot: "^src/(host/|extension\\.ts$)" },
      to: { path: "^vscode$|@types/vscode" },
    },
    {
      name: "tensorflow-in-engine-only",
      severity: "error",
      from: { path: "^(src|webview)/", pathNot: "^src/engine/" },
      to: { path: "(^|node_modules/)@tensorflow/" },
    },
    {
      name: "no-node-in-webview",
      severity: "error",
      from: { path: "^(webview|src/base|src/graph|src/shared|src/rpc)/" },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "no-tests-in-product",
      severity: "error",
      from: { path: "^(src|webview)/" },
      to: { path: "^(test|bench|scripts)/" },
    },
    {
      name: "no-circular",
      comment: "cycles of types alone vanish when compiled, yet tie files to one another",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "not-resolvable",
      severity: "error",
      from: {},
      to: { couldNotResolve: true, pathNot: "^vscode$" }, // VS Code itself provides it
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(dist|out)/" },
    tsPreCompilationDeps: "specify",
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
      extensions: [".ts", ".js", ".mjs", ".cjs", ".json"],
    },
  },
};
