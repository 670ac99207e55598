import { readdirSync } from "node:fs";
import path from "node:path";
import { compareRecorded } from "./recorded.ts";
import { model, onEachEngine } from "./support.ts";

const folder = model("keras");
/** `opaque` cannot run; the unit tests have it. */
const files = readdirSync(folder).filter(
  (name) => /\.(h5|keras)$/.test(name) && !name.startsWith("opaque"),
);

/** Tiny networks with random weights, written by Keras 2.15 and Keras 3 (test/support/make-fixtures.py). */
describe("Keras layers compute what Keras computes", () => {
  onEachEngine((engine) => {
    for (const file of files) it(file, () => compareRecorded(path.join(folder, file), engine()));
  });
});
