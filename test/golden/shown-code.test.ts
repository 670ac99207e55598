/** The code that a panel shows of a target gives the panel's numbers: it is run where a Python with PyTorch is at hand. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { at } from "../../src/base/at.ts";
import { createCompute } from "../../src/compute/compute.ts";
import { encodePng } from "../../src/pictures/index.ts";
import { attributionBy, classTarget, gradCam, type Targets } from "../../src/shared/question.ts";
import type { Where } from "../../src/shared/where.ts";
import { data } from "./support.ts";

const CACHE = process.env["XDG_CACHE_HOME"] ?? path.join(homedir(), ".cache");
/** The one of `npm run conformance`, or another with PyTorch 2.7. */
const python = [
  process.env["CONVLENS_TORCH_PYTHON"] ?? "",
  path.join(CACHE, "convlens", "conformance", "venv-torch", "bin", "python"),
].find((file) => file !== "" && existsSync(file));

const control = { signal: new AbortController().signal, progress: () => undefined };
const REGION = data("targets/seg-region.png");

interface Row {
  readonly network: "detector" | "segmentation";
  readonly where: Where;
  readonly targets: Targets;
  readonly layer: string;
}
const ROWS: readonly Row[] = [
  {
    ...{ network: "detector", where: { kind: "box", box: 30 } },
    ...{ targets: [classTarget(1)], layer: "stages.0.1" },
  },
  {
    ...{ network: "detector", where: { kind: "box", box: 82 } },
    ...{ targets: { top: 1 }, layer: "stages.1.1" },
  },
  {
    ...{ network: "detector", where: { kind: "box", box: 70, unit: 2 } },
    ...{ targets: { top: 1 }, layer: "stages.1.1" },
  },
  {
    ...{ network: "segmentation", where: { kind: "region", file: REGION } },
    ...{ targets: [classTarget(2)], layer: "1.1" },
  },
  {
    ...{ network: "segmentation", where: { kind: "region", file: REGION } },
    ...{ targets: { top: 1 }, layer: "0.1" },
  },
];

describe("the code of a target", () => {
  const compute = createCompute();
  let folder: string;
  before(async () => (folder = await mkdtemp(path.join(tmpdir(), "convlens-shown-"))));
  after(() => rm(folder, { recursive: true }));

  const picture = async (side: number): Promise<string> => {
    const file = path.join(folder, `${side}.png`);
    const noise = Uint8Array.from(
      { length: side * side * 3 },
      (_, i) => (i * i * 31 + i * 7) % 256,
    );
    await writeFile(file, encodePng(noise, side, side, 3));
    return file;
  };
  const near = (found: number, wanted: number, what: string): void =>
    assert.ok(
      Math.abs(found - wanted) <= 1e-3 * Math.abs(wanted) + 1e-7,
      `${what}: ${found}, not ${wanted}`,
    );

  it("is Python, and prints what the panel shows: boxes, their numbers, regions", async function () {
    const wanted: { readonly file: string; readonly number: number; readonly what: string }[] = [];
    const keep = async (text: string, number: number, what: string): Promise<void> => {
      const file = path.join(folder, `shown_${wanted.length}.py`);
      await writeFile(file, text);
      wanted.push({ file, number, what });
    };
    for (const { network, where, targets, layer } of ROWS) {
      const what = `${network} ${JSON.stringify([where, targets])}`;
      const model = data(`targets/${network}.pt2`);
      const image = await picture(network === "detector" ? 64 : 32);
      const cam = { ...gradCam(image, targets, layer), where };
      const { maps } = await compute.cam({ model, question: cam, trust: false }, control);
      const shown = await compute.reproduce({ model, shown: cam }, control);
      assert.ok(shown.python, shown.text);
      const largest = Math.max(...at(maps, 0).raw);
      assert.ok(largest > 0, what);
      await keep(shown.text, largest, `cam, ${what}`);
      const attribution = { ...attributionBy("gradient", image, targets), where };
      const asked = { model, question: attribution, trust: false };
      const { values } = await compute.attribute(asked, control);
      const code = await compute.reproduce({ model, shown: attribution }, control);
      assert.ok(code.python, code.text);
      const sum = values.reduce((all, value) => all + value, 0);
      await keep(`${code.text}print(float(attribution.sum()))\n`, sum, `attribution, ${what}`);
    }
    if (python === undefined) this.skip();
    const files = wanted.map(({ file }) => file);
    const each = 'exec(compile(open(file).read(), file, "exec"), {})';
    const run = `import sys\nfor file in sys.argv[1:]:\n    ${each}\n    print("END")\n`;
    const { stdout } = await promisify(execFile)(python, ["-c", run, ...files]);
    // the last number that each prints
    const printed = stdout.split("END\n").map((part) => Number(part.trim().split(/\s+/).at(-1)));
    wanted.forEach(({ number, what }, i) => near(at(printed, i), number, what));
  }).timeout(240_000);
});
