/** Runs of the helper, with a stand-in for Python: what becomes of the process, its folder and its answer. Numbers are those of `test/golden/own.test.ts`. */
import assert from "node:assert/strict";
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { exportStructure, OpenModel } from "../../../../src/session/index.ts";
import type { ExportRequest } from "../../../../src/shared/export-request.ts";
import { fixture } from "../../formats/support.ts";

/** Answers as the helper does; `model.py` says what it does. */
const STAND_IN = `#!${process.execPath}
const fs = require("node:fs"), path = require("node:path");
const words = process.argv.slice(2);
const script = words[words.indexOf("--entry") + 1].split(":")[0];
const what = fs.readFileSync(script, "utf8").trim();
fs.writeFileSync(path.join(path.dirname(script), "seen.json"), JSON.stringify({ words, cwd: process.cwd(), pid: process.pid, temporary: process.env.TMPDIR }));
console.log("reading the script");
console.error("chatter of the script");
const answer = (value) => fs.writeFileSync("result.json", JSON.stringify(value));
if (what === "hangs") setInterval(() => undefined, 1000);
else if (what === "fails") { answer({ error: "TypeError: no argument 'classes'" }); process.exit(1); }
else if (what === "dies") process.exit(3);
else if (what === "escapes") answer({ file: "../other.pt2", call: "Net()", sources: [] });
else {
  fs.copyFileSync(process.env.CONVLENS_TEST_STRUCTURE, "structure.pt2");
  const sha256 = require("node:crypto").createHash("sha256").update(fs.readFileSync(script)).digest("hex");
  answer({ file: "structure.pt2", call: "Net(classes=10)", sources: [{ path: script, sha256 }] });
}
`;

describe("a checkpoint that its own program is run for", function () {
  before(function () {
    // the stand-in is started by its first line
    if (process.platform === "win32") this.skip();
  });
  let folder = "";
  let weights = "";
  const kept = { TMPDIR: process.env["TMPDIR"], structures: process.env["CONVLENS_STRUCTURES"] };
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(path.join(tmpdir(), "convlens-export-")));
    for (const name of ["work", "temporary", "structures"]) mkdirSync(path.join(folder, name));
    process.env["TMPDIR"] = path.join(folder, "temporary");
    process.env["CONVLENS_STRUCTURES"] = path.join(folder, "structures");
    process.env["CONVLENS_TEST_STRUCTURE"] = fixture("torch/small.pt2");
    weights = path.join(folder, "work", "best.pt");
    copyFileSync(fixture("torch/tiny_checkpoint.pth"), path.join(folder, "work", "other.pth"));
    copyFileSync(fixture("torch/small_state_dict.pt"), weights);
    writeFileSync(path.join(folder, "python"), STAND_IN);
    chmodSync(path.join(folder, "python"), 0o755);
  });
  afterEach(() => {
    for (const [name, value] of [
      ["TMPDIR", kept.TMPDIR],
      ["CONVLENS_STRUCTURES", kept.structures],
    ] as const)
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    Reflect.deleteProperty(process.env, "CONVLENS_TEST_STRUCTURE");
    rmSync(folder, { recursive: true, force: true });
  });

  const script = (): string => path.join(folder, "work", "model.py");
  const seen = (): { words: string[]; cwd: string; pid: number; temporary: string } =>
    JSON.parse(readFileSync(path.join(folder, "work", "seen.json"), "utf8")) as ReturnType<
      typeof seen
    >;
  const left = (): string[] => readdirSync(path.join(folder, "temporary"));
  const structures = (): string[] => readdirSync(path.join(folder, "structures"));
  interface Way {
    readonly change?: Partial<ExportRequest>;
    readonly signal?: AbortSignal;
    readonly file?: string;
    /** Told when the program runs. */
    readonly heard?: () => void;
  }
  async function run(what: string, { change, signal, file = weights, heard }: Way = {}) {
    writeFileSync(script(), what);
    const told: string[] = [];
    let log = "";
    const request: ExportRequest = {
      ...{ python: path.join(folder, "python"), script: script(), entry: "Net" },
      ...{
        given: ["classes=10", "name=a b"],
        inputs: ["1x3x32x32"],
        library: "torch",
        limitSeconds: 60,
        ...change,
      },
    };
    const control = {
      signal: signal ?? new AbortController().signal,
      progress: ({ message = "" }: { message?: string }) => {
        told.push(message);
        heard?.();
      },
    };
    await exportStructure(file, request, control, (text) => void (log += text));
    return { told, log };
  }
  const opened = async (file = weights): Promise<OpenModel["structure"]> => {
    const model = await OpenModel.open(file);
    model.close();
    return model.structure;
  };

  it("opens with its network from then on", async () => {
    assert.equal(await opened(), null);
    const { told, log } = await run("works");
    assert.deepEqual(told, ["reading the script"]);
    assert.match(log, /chatter/);
    assert.deepEqual(left(), []);
    const use = await opened();
    assert.match(use?.source ?? "", /^model\.py:Net\(classes=10\), known from before$/);
    // only the file itself says so: the fixture's numbers are not in what is kept
    assert.equal(use?.confidence, "high");
    assert.match(use.assumed.join(), /as it was when these weights were trained/);
  });

  it("is asked word by word, in a private folder that also takes what libraries leave", async () => {
    await run("works");
    const { words, cwd, temporary } = seen();
    assert.deepEqual(words.slice(0, 1), ["-u"]);
    assert.deepEqual(words.slice(2), [
      ...["--entry", `${script()}:Net`, "--input", "1x3x32x32"],
      ...["--argument", "classes=10", "--argument", "name=a b"],
    ]);
    assert.equal(path.dirname(cwd), path.join(folder, "temporary"));
    assert.equal(temporary, cwd);
  });

  it("is less sure once the program has changed", async () => {
    await run("works");
    appendFileSync(script(), "\n# another stride");
    const use = await opened();
    assert.equal(use?.confidence, "low");
    assert.match(use.assumed.join(), /model\.py has changed since/);
  });

  it("is less sure for weights elsewhere", async () => {
    await run("works");
    const elsewhere = path.join(folder, "best.pt");
    copyFileSync(weights, elsewhere);
    const use = await opened(elsewhere);
    assert.equal(use?.confidence, "low");
    assert.match(use.assumed.join(), /another folder/);
  });

  for (const [what, why] of [
    ["fails", /model\.py:Net cannot be exported: TypeError: no argument 'classes'\./],
    ["dies", /model\.py:Net cannot be exported: .*failed/],
    ["escapes", /model\.py:Net cannot be exported: it gave no answer/],
  ] as const)
    it(`a program that ${what} leaves nothing`, async () => {
      await assert.rejects(run(what), why);
      assert.deepEqual([...left(), ...structures()], []);
      assert.equal(await opened(), null);
    });

  it("another network than that of the weights leaves nothing", async () => {
    const file = path.join(folder, "work", "other.pth");
    await assert.rejects(run("works", { file }), /'other\.pth' does not fit model\.py:Net/);
    assert.deepEqual([...left(), ...structures()], []);
  });

  const ended = (pid: number): boolean => {
    try {
      process.kill(pid, 0);
      return false;
    } catch {
      return true;
    }
  };
  it("ends with its time, and leaves nothing", async () => {
    await assert.rejects(run("hangs", { change: { limitSeconds: 1 } }), /took longer than 1 s/);
    assert.ok(ended(seen().pid));
    assert.deepEqual([...left(), ...structures()], []);
  });
  it("ends when it is cancelled, and leaves nothing", async () => {
    const controller = new AbortController();
    const heard = (): void => {
      controller.abort();
    };
    await assert.rejects(run("hangs", { signal: controller.signal, heard }), { kind: "cancelled" });
    assert.ok(ended(seen().pid));
    assert.deepEqual([...left(), ...structures()], []);
  });
});
