import { defineConfig, globalIgnores } from "eslint/config";
import lit from "eslint-plugin-lit";
import tseslint from "typescript-eslint";

/** Plain scripts see Node's globals only; TypeScript itself checks undefined names elsewhere. */
const node = Object.fromEntries(
  [
    "AbortController",
    "AbortSignal",
    "Buffer",
    "URL",
    "URLSearchParams",
    "clearInterval",
    "clearTimeout",
    "console",
    "fetch",
    "performance",
    "process",
    "setImmediate",
    "setInterval",
    "setTimeout",
    "structuredClone",
  ].map((name) => [name, "readonly"]),
);

/** What opens files by itself: bounded reads and whole writes, weights, what we installed or ship, folders of ours; and what starts a program. */
const OPENING = [
  ...["src/files/**", "src/formats/bytes/source.ts", "src/native/**", "src/engine/native/**"],
  ...["src/pictures/decode/wasm-file.ts", "src/session/structures/library/index-file.ts"],
  ...["src/cli/version.ts", "src/host/compute/child.ts", "src/host/panels/kept-pictures.ts"],
];

/** What nobody else imports. */
const BY_ITSELF = [
  ...["node:fs", "node:fs/promises"].map((name) => ({
    name,
    importNames: [
      ...["readFile", "readFileSync", "createReadStream", "open", "openSync", "openAsBlob"],
      ...["default", "promises"],
    ],
    message: "Others may have placed the file: use files/read-bounded.ts.",
  })),
  ...["node:fs", "node:fs/promises"].map((name) => ({
    name,
    importNames: ["writeFile", "writeFileSync", "appendFile", "createWriteStream"],
    message: "Half a file may be met, and a link followed: use files/write-whole.ts.",
  })),
  {
    name: "node:child_process",
    message: "A program is started by native/command.ts, or by host/compute/child.ts.",
  },
];

/** Whose Markdown is made of texts that passed `markdownText`. */
const MARKDOWN = [
  ...["src/host/views/tree.ts", "src/host/engine/status-bar.ts", "src/host/code/hovers.ts"],
];

export default defineConfig(
  globalIgnores(["dist/", "out/", "bench/results/", "**/*.cjs"]),
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      // Numbers print as anyone expects; everything else has to be turned into words on purpose.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      eqeqeq: "error",
    },
  },
  {
    files: ["src/**/*.ts"],
    ignores: ["src/cli/**"],
    rules: { "no-console": "error" },
  },
  {
    files: ["src/**/*.ts"],
    ignores: OPENING,
    rules: { "no-restricted-imports": ["error", { paths: BY_ITSELF }] },
  },
  {
    files: ["src/host/**/*.ts"],
    ignores: [...OPENING, ...MARKDOWN],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          paths: [
            ...BY_ITSELF,
            {
              name: "vscode",
              importNames: ["MarkdownString"],
              message:
                "Names out of files become links and pictures: base/plain-text.ts, and the list MARKDOWN here.",
            },
          ],
        },
      ],
    },
  },
  {
    files: ["src/host/**/*.ts"],
    ignores: ["src/host/notices.ts"],
    rules: {
      "no-restricted-properties": [
        "error",
        {
          property: "readFile",
          message: "Others may have placed the file: use files/read-bounded.ts.",
        },
        ...["showErrorMessage", "showWarningMessage", "showInformationMessage"].map((property) => ({
          ...{ object: "window", property },
          message: "Names out of files become links there: use host/notices.ts.",
        })),
      ],
    },
  },
  {
    files: ["webview/**/*.ts"],
    extends: [lit.configs["flat/recommended"]],
    rules: {
      "no-console": "error",
      // Lit binds event listeners to the element by itself.
      "@typescript-eslint/unbound-method": "off",
    },
  },
  {
    files: ["**/*.mjs", "*.js"],
    languageOptions: { globals: node },
    rules: {
      "no-undef": "error",
      "no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      eqeqeq: "error",
      "prefer-const": "error",
    },
  },
);
