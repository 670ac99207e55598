/**
 * Bundles everything that ships, into dist/, and the tests of the extension host, into out/.
 *
 *   node esbuild.js [--production] [--watch]
 */
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { build, context } from "esbuild";
import { assets, library } from "./scripts/lib/copied.mjs";
import { copyNativeParts } from "./scripts/lib/native-parts.mjs";
import { notices } from "./scripts/lib/notices.mjs";
import { bill } from "./scripts/lib/sbom.mjs";
import { shippedPackages } from "./scripts/lib/shipped.mjs";

const production = process.argv.includes("--production");
const watch = process.argv.includes("--watch");
process.chdir(import.meta.dirname);

const common = {
  bundle: true,
  minify: production,
  sourcemap: production ? false : "linked",
  legalComments: "none",
  // Otherwise each character of the WebAssembly that h5wasm carries as text is written as an escape.
  charset: "utf8",
  logLevel: "warning",
  metafile: true,
};
const onNode = { ...common, platform: "node", target: "node20" };

/** Modules written for CommonJS look for these three; in an ES module they have to be made. */
const commonJsNames = `
import { createRequire as __createRequire } from "node:module";
import { fileURLToPath as __fileURLToPath } from "node:url";
import { dirname as __pathDirname } from "node:path";
const require = __createRequire(import.meta.url);
const __filename = __fileURLToPath(import.meta.url);
const __dirname = __pathDirname(__filename);
`.trim();

const workers = {};
/**
 * A worker of the webview as text, which the page starts from a blob: it may load no script by its address. What goes into one is kept for
 * the notices.
 */
const workerText = {
  name: "worker text",
  setup({ onLoad }) {
    onLoad({ filter: /\.worker\.ts$/ }, async ({ path: file }) => {
      const made = await build({
        ...{ ...common, entryPoints: [file], platform: "browser", target: "es2022" },
        ...{ format: "iife", write: false, sourcemap: false, tsconfig: "webview/tsconfig.json" },
      });
      const [{ text }] = made.outputFiles;
      const { inputs } = Object.values(made.metafile.outputs)[0];
      const name = `dist/webview/${path.basename(file, ".ts")}`;
      workers[name] = { inputs, imports: [], exports: [], bytes: text.length };
      return {
        contents: `export default ${JSON.stringify(text)};`,
        watchFiles: Object.keys(inputs),
      };
    });
  },
};

/** `folder`'s entries NAME/main.ts, as { NAME: path }. */
function entriesOf(folder) {
  return Object.fromEntries(
    readdirSync(folder, { withFileTypes: true })
      .map((entry) => [entry.name, path.join(folder, entry.name, "main.ts")])
      .filter(([, file]) => existsSync(file)),
  );
}

/** `folder`'s test files and their index.ts, as { name: path }. */
function testsOf(folder) {
  return Object.fromEntries(
    readdirSync(folder)
      .filter((name) => /^(index|measure)\.ts$|\.test\.ts$/.test(name))
      .map((name) => [name.slice(0, -".ts".length), path.join(folder, name)]),
  );
}

const bundles = [
  {
    ...onNode,
    entryPoints: { extension: "src/extension.ts" },
    outdir: "dist",
    format: "cjs",
    outExtension: { ".js": ".cjs" },
    external: ["vscode"],
  },
  {
    ...onNode,
    // Their names are messages: errors are told apart by them after they crossed a process.
    keepNames: true,
    entryPoints: {
      compute: "src/compute/main.ts",
      cli: "src/cli/main.ts",
      // A thread of the two above.
      picture: "src/pictures/decode/worker.ts",
    },
    outdir: "dist",
    format: "esm",
    splitting: true,
    // A CommonJS module that is imported dynamically would come without its named exports.
    mainFields: ["module", "main"],
    banner: { js: commonJsNames },
    // Found at run time where it was installed; never bundled.
    external: ["@tensorflow/tfjs-node"],
    alias: { "node-fetch": "./scripts/lib/no-fetch.cjs" },
  },
  {
    ...common,
    platform: "browser",
    target: "es2022",
    minify: production,
    entryPoints: entriesOf("webview/panels"),
    outdir: "dist/webview",
    format: "esm",
    // what few look at is loaded when they do
    splitting: true,
    loader: { ".css": "text" },
    plugins: [workerText],
    tsconfig: "webview/tsconfig.json",
  },
  {
    ...onNode,
    minify: false,
    entryPoints: testsOf("test/integration"),
    outdir: "out/integration",
    format: "cjs",
    outExtension: { ".js": ".cjs" },
    external: ["vscode", "mocha"],
  },
];

function copyAssets() {
  for (const [file, folder] of assets) {
    mkdirSync(folder, { recursive: true });
    copyFileSync(file, path.join(folder, path.basename(file)));
  }
  cpSync(...library, { recursive: true });
}

if (!watch)
  for (const folder of ["dist", "out/integration"])
    rmSync(folder, { recursive: true, force: true });
copyAssets();
copyNativeParts();
if (watch) {
  for (const bundle of bundles) await (await context({ ...bundle, logLevel: "info" })).watch();
} else {
  const results = await Promise.all(bundles.map((bundle) => build(bundle)));
  const outputs = Object.assign(workers, ...results.map((result) => result.metafile.outputs));
  mkdirSync("out", { recursive: true });
  writeFileSync("out/bundles.json", JSON.stringify(outputs, null, 1));
  const packages = shippedPackages(outputs);
  const read = (file) => JSON.parse(readFileSync(file, "utf8"));
  const materials = bill(packages, read("package.json"), read("package-lock.json").packages);
  writeFileSync("dist/THIRD-PARTY-NOTICES.txt", notices(packages));
  writeFileSync("dist/sbom.cdx.json", JSON.stringify(materials, null, 1));
}
