/**
 * Records the structures of well-known networks (structures/networks.txt) into library/, which ships with ConvLens: those that are not there
 * yet, in the order of the list. See src/session/structures/library.
 *
 *   npm run structures                        what is missing
 *   npm run structures -- --again             everything, anew
 *   npm run structures -- --only=timm/vit     the names that begin so
 *   npm run structures -- --retry             what was left out, too
 *   npm run structures -- --most=20           so many, and no more today
 *   npm run structures -- --python=FILE       in an environment that is there
 *   npm run structures -- --twins             nothing: lists those that weights cannot tell apart
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { register } from "tsx/esm/api";
import { Lines } from "../test/conformance/lib/lines.mjs";
import { cache, root } from "./lib/places.mjs";
import { pythonEnvironment } from "./lib/python.mjs";
import { say, since } from "./lib/say.mjs";

register();
const { Recorded } = await import("./structures/recorded.ts");

if (process.argv.includes("--twins")) {
  const { twins } = await import("./structures/twins.ts");
  const { libraryNetworks } = await import("../src/session/structures/library/index-file.ts");
  for (const group of twins(await libraryNetworks())) say(group.join(" "));
  process.exit(0);
}
const SECONDS = 900;
const option = (name) =>
  process.argv.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3);
const only = option("only") ?? "";
const most = Number(option("most") ?? Infinity);
const environments = path.join(root, "test", "conformance", "environments");
const python =
  option("python") ??
  (await pythonEnvironment({
    name: "torch",
    folder: path.join(cache, "conformance", "venv-torch"),
    requirements: path.join(environments, "requirements-torch.txt"),
    constraints: path.join(environments, "constraints-torch.txt"),
    size: "about 6 GB",
  }));

const names = readFileSync(path.join(root, "scripts", "structures", "networks.txt"), "utf8")
  .split("\n")
  .map((line) => line.replace(/#.*/, "").trim())
  .filter((name) => name !== "" && name.startsWith(only));
const work = mkdtempSync(path.join(tmpdir(), "convlens-structures-"));
const library = path.join(root, "library");
mkdirSync(library, { recursive: true });
const recorder = new Lines(python, [path.join(root, "scripts", "structures", "record.py"), work], {
  PYTHONDONTWRITEBYTECODE: "1",
  CUDA_VISIBLE_DEVICES: "",
});
try {
  const about = await recorder.answer(SECONDS);
  if (!about) throw new Error(`the recorder ended: ${recorder.lastWords}`);
  const recorded = new Recorded(library, names, {
    again: process.argv.includes("--again"),
    retry: process.argv.includes("--retry"),
  });
  recorded.about(about);
  const ask = async (question) => {
    const answer = await recorder.ask(JSON.stringify(question), SECONDS);
    if (!answer) throw new Error(`the recorder ended: ${recorder.lastWords}`);
    return answer;
  };
  const missing = names.filter((name) => !recorded.has(name)).slice(0, most);
  for (const name of missing) {
    const start = performance.now();
    const told = await recorded.add(name, path.join(work, "network.pt2"), ask);
    say(`${name}: ${told} (${since(start)})`);
  }
  if (missing.length === 0) say("nothing is missing");
  say(recorded.summary());
} finally {
  recorder.kill();
  rmSync(work, { recursive: true, force: true });
}
