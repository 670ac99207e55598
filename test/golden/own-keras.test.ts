/**
 * Keras networks that no file tells (a class of one's own, Lambdas), exported once by `convlens export`: Keras' scores, from a file of weights
 * alone, in each layout that Keras 2 and 3 write. The graph comes from a stand-in for Python that gives what the helper wrote of each;
 * CONVLENS_TEST_PYTHON names a Python with TensorFlow, which then runs the script.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { at } from "../../src/base/at.ts";
import { floats } from "../../src/base/tensor.ts";
import { forward } from "../../src/methods/forward.ts";
import { OpenModel } from "../../src/session/index.ts";
import { convlens } from "./cli-support.ts";
import { exportingBy } from "./stand-in.ts";
import { data, relativeError } from "./support.ts";

const OWN = data("own-keras");
const files = readdirSync(OWN).flatMap((name) => /^(.*)\.json$/.exec(name)?.[1] ?? []);
const given = process.env["CONVLENS_TEST_PYTHON"];
const major = given === undefined ? null : majorOf(given);
/** Keras 3 reads what Keras 2 wrote of Functional networks only, and Keras 2 nothing of Keras 3's. */
const pythonFor = (name: string): string | null =>
  given !== undefined && major !== null && name.includes(`_k${major}`) ? given : null;

function majorOf(python: string): string | null {
  const code = "import keras; print(keras.__version__)";
  const { stdout, status } = spawnSync(python, ["-c", code], { encoding: "utf8" });
  return status === 0 ? (/^(\d)\./m.exec(stdout)?.[1] ?? null) : null;
}

/** Gives what the helper made of each file; where a layout is asked for, it is kept to be looked at. */
const STAND_IN = `const fs = require("node:fs"), path = require("node:path"), crypto = require("node:crypto");
const words = process.argv.slice(2);
const [file, entry] = words[words.indexOf("--entry") + 1].split(":");
const outline = words[words.indexOf("--outline") + 1];
fs.copyFileSync(outline, path.join(path.dirname(file), "seen.json"));
const sha256 = crypto.createHash("sha256").update(fs.readFileSync(file)).digest("hex");
fs.copyFileSync(path.join(path.dirname(file), "made.pb"), "structure.pb");
fs.writeFileSync("result.json", JSON.stringify({ file: "structure.pb", call: entry + "()", sources: [{ path: file, sha256 }] }));
`;
/** See make-own-keras.py. */
const picture = floats(
  [1, 16, 16, 3],
  Float32Array.from({ length: 768 }, (_, i) => (i % 17) / 17),
);

interface Told {
  readonly entry: string;
  readonly scores: readonly number[];
}

describe("Keras networks of one's own, exported once", function () {
  this.timeout(300_000);
  const exporting = exportingBy(STAND_IN);

  it("are six files", () => {
    assert.equal(files.length, 6);
  });
  for (const name of files)
    it(name, async () => {
      const { engine, folder, python: standIn } = exporting();
      const told = JSON.parse(readFileSync(path.join(OWN, `${name}.json`), "utf8")) as Told;
      const place = path.join(folder, `in ${name}`);
      mkdirSync(place);
      const [script, weights] = [path.join(place, "model.py"), path.join(place, name)];
      copyFileSync(path.join(OWN, "model.py"), script);
      copyFileSync(path.join(OWN, name), weights);
      copyFileSync(path.join(OWN, `${name}.pb`), path.join(place, "made.pb"));
      const { code, err } = await convlens(
        ...["export", weights, "--entry", `${script}:${told.entry}`, "--input", "1x16x16x3"],
        ...["--python", pythonFor(name) ?? standIn],
      );
      assert.equal(code, 0, err);
      // another checkpoint of it, with no question
      const second = path.join(place, `second.${name}`);
      copyFileSync(weights, second);
      for (const file of [weights, second]) {
        const opened = await OpenModel.open(file);
        const { graph, structure } = opened;
        assert.equal(structure?.confidence, "high");
        assert.deepEqual(
          graph.layers.flatMap(({ opaque }) => opaque ?? []),
          [],
        );
        const [found] = await forward({ graph, engine }, [picture], [at(graph.outputs, 0).node]);
        assert.ok(relativeError(found?.data ?? [], told.scores) < 1e-4);
        engine.release(graph);
        opened.close();
      }
    });
});
