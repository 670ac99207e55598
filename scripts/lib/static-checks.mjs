/** What can be said of the code without running it: [name, arguments of a tool of node_modules]. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { brotliCompressSync } from "node:zlib";
import { root } from "./places.mjs";
import { node } from "./run.mjs";

const tool = (name) => path.join(root, "node_modules", name);

export const staticChecks = [
  ["formatting", [tool("prettier/bin/prettier.cjs"), "--check", "--log-level=warn", "."]],
  ["types: Node", [tool("typescript/bin/tsc"), "-p", "."]],
  ["types: webview", [tool("typescript/bin/tsc"), "-p", "webview"]],
  ["types: browser tests", [tool("typescript/bin/tsc"), "-p", "test/e2e"]],
  ["types: security tests", [tool("typescript/bin/tsc"), "-p", "test/security"]],
  ["lint", [tool("eslint/bin/eslint.js"), ".", "--max-warnings=0"]],
  // --strict before the glob would take the glob for its value, and check nothing.
  // Its list of CSS is older than container queries and accent-color.
  [
    "lint: Lit templates",
    [tool("lit-analyzer/cli.js"), "webview/**/*.ts", "--strict", "--rules.no-invalid-css", "off"],
  ],
  [
    "import direction",
    [tool("dependency-cruiser/bin/dependency-cruise.mjs"), "src", "webview", "--output-type=err"],
  ],
  ["dead code", [tool("knip/bin/knip.js"), "--no-progress"]],
  ["third-party notices", [path.join(root, "scripts", "notices.mjs")]],
];

export async function checkStatically(args) {
  const { code, output } = await node(args);
  if (code !== 0) throw new Error(output.trim());
}

/** In bytes. A panel is compressed as a server would; the extension is read from disk as it is. */
const limits = { panel: 60_000, extension: 300_000, library: 6_000_000 };

/** A bundle with everything it imports before it runs; what it loads later does not count. */
function startOf(outputs, file, seen = new Set()) {
  if (seen.has(file) || !outputs[file]) return [];
  seen.add(file);
  const parts = outputs[file].imports.filter(({ kind }) => kind === "import-statement");
  return [file, ...parts.flatMap((part) => startOf(outputs, part.path, seen))];
}

/** Of the production build in dist/. */
export async function checkBundleSizes() {
  const outputs = JSON.parse(readFileSync(path.join(root, "out", "bundles.json"), "utf8"));
  const tooLarge = [];
  const compare = (name, what, bytes, limit) => {
    console.log(`     ${name}: ${(bytes / 1000).toFixed(1)} kB${what} of ${limit / 1000} kB`);
    if (bytes > limit) tooLarge.push(name);
  };
  for (const [file, { entryPoint, bytes }] of Object.entries(outputs)) {
    if (!entryPoint) continue;
    if (entryPoint.startsWith("webview/panels/")) {
      const compressed = startOf(outputs, file).reduce(
        (sum, part) => sum + brotliCompressSync(readFileSync(path.join(root, part))).length,
        0,
      );
      compare(file, " (brotli)", compressed, limits.panel);
    } else if (entryPoint === "src/extension.ts") compare(file, "", bytes, limits.extension);
  }
  const structures = readdirSync(path.join(root, "dist", "library"));
  const sizes = structures.map((name) => statSync(path.join(root, "dist", "library", name)).size);
  compare(
    "dist/library",
    "",
    sizes.reduce((sum, size) => sum + size, 0),
    limits.library,
  );
  if (tooLarge.length > 0) throw new Error(`larger than allowed: ${tooLarge.join(", ")}`);
}
