/** A folder as somebody might send it, who wants more than to be looked at. */
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { root } from "../../scripts/lib/places.mjs";
import { renamed } from "../support/renamed.ts";

/** Stands at the beginning of what must never be a line of the log by itself. */
export const FORGED = "FORGED by a name";

export interface Hostile {
  /** What is opened. */
  readonly workspace: string;
  /** What lies around, and nobody opened. */
  readonly outside: string;
  /** Is written there by whatever of the workspace is run. */
  readonly marks: string;
}

/** Makes it below `folder`; names and texts ask for pictures of the server `address`. */
export function makeHostile(folder: string, address: string): Hostile {
  const at = (...names: string[]): string => path.join(folder, ...names);
  const [workspace, outside, marks] = [at("workspace"), at("outside"), at("marks")];
  for (const one of [workspace, outside, marks, at("workspace", ".vscode")])
    mkdirSync(one, { recursive: true });
  const own = (name: string, content: string | Uint8Array): void => {
    mkdirSync(path.dirname(path.join(workspace, name)), { recursive: true });
    writeFileSync(path.join(workspace, name), content);
  };
  const names = [
    `![seen](${address}/name.png)<img src="${address}/html.png">`,
    `[look](command:workbench.action.terminal.toggleTerminal) $(zap) ${address}/link`,
    `\u202eesrever\u2066\u0007\u001b[31m\n2026-01-01 00:00:00.000 [error] ${FORGED}`,
    "n".repeat(1_000_000),
  ];
  const model = (name: string, layer: string, sidecar: object | null): void => {
    own(`${name}.keras`, renamed(layer));
    if (sidecar) own(`${name}.keras.convlens.json`, JSON.stringify(sidecar));
  };
  model("names", names.slice(0, 3).join(" "), { labels: names, trainingScript: "train.py" });
  model("zero", "conv", { labels: "/dev/zero", inputs: { picture: "/dev/zero" } });
  model("pipe", "conv", { labels: "labels.pipe" });
  model("link", "conv", { labels: "labels.txt", trainingScript: "../outside/secret.py" });
  execFileSync("mkfifo", [path.join(workspace, "labels.pipe")]);
  writeFileSync(path.join(outside, "secret.txt"), "one\ntwo\nthree\nfour\n");
  symlinkSync(path.join(outside, "secret.txt"), path.join(workspace, "labels.txt"));
  symlinkSync(outside, path.join(workspace, "away"));
  symlinkSync("/dev/zero", path.join(workspace, "endless.png"));
  copyFileSync(
    path.join(root, "test/models/keras/opaque.k3.keras"),
    path.join(workspace, "lambda.keras"),
  );
  copyFileSync(path.join(root, "samples/chelsea.png"), path.join(workspace, "cat.png"));
  own("huge.png", hugePng());

  const planted = `open(${JSON.stringify(path.join(marks, "python"))}, "a").write(__file__ + "\\n")\n`;
  for (const name of [
    "json",
    "csv",
    "os",
    "sitecustomize",
    "tensorflow/__init__",
    "numpy/__init__",
  ])
    own(`${name}.py`, planted);
  const script = `require("fs").appendFileSync(${JSON.stringify(path.join(marks, "node"))}, __filename + "\\n");\n`;
  for (const name of ["@tensorflow/tfjs-node", "h5wasm", "vscode"]) {
    own(`node_modules/${name}/index.js`, script);
    own(`node_modules/${name}/package.json`, `{ "name": "${name}", "main": "index.js" }`);
  }
  own("compute.js", script);
  own(".npmrc", `registry=${address}/\nscript-shell=${marks}/shell\n`);
  own(
    ".vscode/settings.json",
    JSON.stringify({
      ...{ "convlens.engine": "../../evil", "convlens.memoryBudgetMB": 1e12 },
      ...{ "convlens.idleMinutes": -1, "convlens.openIn": "../../x", "python.path": "./evil" },
      "convlens.code.diagnostics": true,
    }),
  );
  const code = [
    `open(${JSON.stringify(path.join(marks, "script"))}, "w").write("run")`,
    "import keras",
    "model = keras.Sequential([",
    "    keras.layers.Input((12, 12, 3)),",
    `    keras.layers.Conv2D(6, 3, name=${JSON.stringify(names[0])}),`,
    "    keras.layers.MaxPooling2D(),",
    "])",
    'model.save("names.keras")',
  ];
  own("train.py", code.join("\n") + "\n");
  const cell = { cell_type: "code", metadata: {}, outputs: [], execution_count: null };
  own(
    "notes.ipynb",
    JSON.stringify({
      ...{ nbformat: 4, nbformat_minor: 5, metadata: { language_info: { name: "python" } } },
      cells: [{ ...cell, id: "a", source: code.map((line) => `${line}\n`) }],
    }),
  );
  return { workspace, outside, marks };
}

/** A picture of 30,000 x 30,000 pixels, as its header says. */
function hugePng(): Uint8Array {
  const header = Buffer.from(
    "89504e470d0a1a0a0000000d494844520000753000007530080600000000000000",
    "hex",
  );
  return Buffer.concat([header, Buffer.alloc(64)]);
}
