import { readdirSync } from "node:fs";
import path from "node:path";
import { compareRecorded } from "./recorded.ts";
import { model, onEachEngine } from "./support.ts";

const folder = model("tflite");
/** `opaque` cannot run; the unit tests have it. */
const files = readdirSync(folder).filter(
  (name) => name.endsWith(".tflite") && !name.startsWith("opaque"),
);

/** Tiny networks against the TFLite interpreter; integers against the same file dequantised (test/support/make_tflite.py). */
describe("TFLite operators compute what the interpreter computes", () => {
  onEachEngine((engine) => {
    for (const file of files) it(file, () => compareRecorded(path.join(folder, file), engine()));
  });
});
