/** A damaged file, whichever engine is there: exit 3, and its name in the one line on standard error. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { floats } from "../../src/base/tensor.ts";
import { encodeNpy } from "../../src/pictures/index.ts";
import { nativeStatus } from "../../src/engine/index.ts";
import type { PictureKind } from "../../src/shared/picture-kinds.ts";
import { ATTACKED } from "../unit/formats/attacks/index.ts";
import { type Answer, DIGIT, DIGITS, WASM } from "./cli-support.ts";

const MOST_OF_A_FORMAT = 4;
const child = fileURLToPath(new URL("./damaged/child.ts", import.meta.url));
const pictures = fileURLToPath(new URL("../unit/pictures/files/", import.meta.url));
/** Cut in the middle. */
const PICTURES: Readonly<Record<PictureKind, string>> = {
  ...{ PNG: "adobe-rgb.png", JPEG: "baseline.jpg", WebP: "lossy.webp" },
  ...{ GIF: "still.gif", TIFF: "rgb-lzw.tif", BMP: "rgb24.bmp" },
};
/** Where what opens takes no picture: the shape of its input. */
const INPUTS: Readonly<Record<string, readonly number[]>> = {
  ...{ ONNX: [1, 2, 4, 4], "TF.js layers-model": [1, 2], "TF.js graph-model": [1, 2] },
};
/** By engine: what is added to a call, and whether the native one is installed: it is in no cache that is empty. */
const ENGINES: Readonly<Record<string, readonly [more: string[], isInstalled: boolean]>> = {
  native: [[], true],
  "wasm, as asked for": [WASM, true],
  "wasm, as no other is there": [[], false],
};

async function answersOf(calls: readonly string[][], env: object): Promise<Answer[]> {
  const made = spawn(process.execPath, ["--import=tsx", child], {
    env: { ...process.env, ...env },
    stdio: ["pipe", "pipe", "inherit"],
  });
  made.stdin.end(JSON.stringify(calls));
  return JSON.parse(await text(made.stdout)) as Answer[];
}

describe("a damaged file, whichever engine is there", () => {
  const work = mkdtempSync(path.join(tmpdir(), "convlens-damaged-"));
  after(() => {
    rmSync(work, { recursive: true, force: true });
  });
  const folderFor = (name: string): string => {
    const folder = path.join(work, name);
    mkdirSync(folder, { recursive: true });
    return folder;
  };
  /** Some lie only in their numbers, which are read where the network runs. */
  const askedOf = (format: string): string[] => {
    const shape = INPUTS[format];
    if (!shape) return ["--image", DIGIT];
    const file = path.join(work, `${shape.join("x")}.npy`);
    const count = shape.reduce((product, size) => product * size, 1);
    writeFileSync(file, encodeNpy(floats(shape, new Float32Array(count))));
    return ["--input", file];
  };
  /** By what it is: the call, and names of which one has to be said. */
  const cases: { what: string; args: string[]; names: string[] }[] = [];
  for (const [format, { cut, sizes }] of Object.entries(ATTACKED)) {
    const all = [cut, sizes].flatMap((attacks) => (typeof attacks === "string" ? [] : attacks));
    for (const { what, make } of all.filter(({ says }) => says).slice(0, MOST_OF_A_FORMAT)) {
      const folder = folderFor(`model-${cases.length}`);
      const file = make(folder);
      const names = [
        path.basename(file),
        ...readdirSync(folder, { recursive: true, encoding: "utf8" }),
      ];
      cases.push({
        what: `${format}: ${what}`,
        args: ["predict", file, ...askedOf(format)],
        names,
      });
    }
  }
  for (const [kind, name] of Object.entries(PICTURES)) {
    const bytes = readFileSync(path.join(pictures, name));
    const file = path.join(folderFor("pictures"), name);
    writeFileSync(file, bytes.subarray(0, bytes.length / 2));
    cases.push({ what: kind, args: ["predict", DIGITS, "--image", file], names: [name] });
  }

  for (const [engine, [more, isInstalled]] of Object.entries(ENGINES))
    it(`${engine}: exit 3, and its name in the one line on standard error`, async function () {
      if (engine === "native" && !nativeStatus().ready) this.skip();
      const empty = { CONVLENS_CACHE: folderFor("cache"), CONVLENS_NATIVE_DIR: "" };
      const calls = [["predict", DIGITS, "--image", DIGIT], ...cases.map(({ args }) => args)];
      const answers = await answersOf(
        calls.map((args) => [...args, ...more]),
        isInstalled ? {} : empty,
      );
      const [whole, ...damaged] = answers;
      assert.equal(whole?.code, 0);
      assert.match(whole.out, engine === "native" ? /^native: /m : /^wasm: /m);
      assert.equal(damaged.length, cases.length);
      const wrong = cases.flatMap(({ what, names }, i) => {
        const { code, out, err } = damaged[i] ?? { code: -1, out: "", err: "" };
        const isNamed = names.some((name) => err.includes(path.basename(name)));
        const isOne = /^convlens: [^\n]+\n$/.test(err);
        return code === 3 && out === "" && isOne && isNamed ? [] : [{ what, code, out, err }];
      });
      assert.deepEqual(wrong, []);
    }).timeout(180_000);
});
