/**
 * Scripts of the kinds that people have, exported once by `convlens export`: PyTorch's logits, from a checkpoint alone. The program comes from a
 * stand-in for Python that gives what torch.export wrote of each script; CONVLENS_TEST_PYTHON names a Python with torch, which then runs it.
 */
import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { at } from "../../src/base/at.ts";
import { forward } from "../../src/methods/forward.ts";
import { OpenModel } from "../../src/session/index.ts";
import { knownPicture, knownWeights, ownNetwork } from "../support/known-network.ts";
import { convlens } from "./cli-support.ts";
import { exportingBy } from "./stand-in.ts";
import { data, relativeError } from "./support.ts";

const scripts = readdirSync(data("own")).filter((name) => name.endsWith(".py"));
const torch = process.env["CONVLENS_TEST_PYTHON"];
const STAND_IN = `const fs = require("node:fs"), path = require("node:path"), crypto = require("node:crypto");
const words = process.argv.slice(2);
const [file, entry] = words[words.indexOf("--entry") + 1].split(":");
const sha256 = crypto.createHash("sha256").update(fs.readFileSync(file)).digest("hex");
fs.copyFileSync(path.join(${JSON.stringify(data("own"))}, path.basename(file, ".py") + ".pt2"), "structure.pt2");
fs.writeFileSync("result.json", JSON.stringify({ file: "structure.pt2", call: entry + "()", sources: [{ path: file, sha256 }] }));
`;

describe("scripts of one's own, exported once", function () {
  this.timeout(300_000);
  const exporting = exportingBy(STAND_IN);

  it("are eight", () => {
    assert.equal(scripts.length, 8);
  });
  for (const name of scripts)
    it(name, async () => {
      const { engine, folder, python: standIn } = exporting();
      const own = ownNetwork(path.basename(name, ".py"));
      const place = path.join(folder, path.basename(name, ".py"));
      mkdirSync(place);
      const script = path.join(place, name);
      copyFileSync(data(`own/${name}`), script);
      const weights = path.join(place, "best.pth");
      writeFileSync(weights, knownWeights(own));
      const python = torch ?? standIn;
      const given = own.arguments.flatMap((one) => ["--argument", one]);
      const { code, err } = await convlens(
        ...["export", weights, "--entry", `${script}:${own.entry}`, "--python", python],
        ...["--input", own.input, ...given],
      );
      assert.equal(code, 0, err);
      const opened = await OpenModel.open(weights);
      assert.equal(opened.structure?.confidence, "high");
      assert.deepEqual(
        opened.graph.layers.flatMap(({ opaque }) => opaque ?? []),
        [],
      );
      const { graph } = opened;
      const [found] = await forward(
        { graph, engine },
        [knownPicture(own)],
        [at(graph.outputs, 0).node],
      );
      const logits = found?.data.slice(0, own.logits.length) ?? [];
      assert.ok(relativeError(logits, own.logits) < 1e-4);
      engine.release(graph);
      opened.close();
    });
});
