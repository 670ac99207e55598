/** The helper for Python: what of a script it runs, and what it leaves. With a stand-in for torch: numbers are `npm run exports`'. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const HELPER = path.resolve("media/python/convlens.py");
const python = ["python3", "python"].find((name) => spawnSync(name, ["-V"]).status === 0);

interface Answer {
  readonly file?: string;
  readonly call?: string;
  readonly batch?: string;
  readonly error?: string;
  readonly sources?: readonly { readonly path: string }[];
}

const NET = `
import torch
class Net(torch.nn.Module):
    def __init__(self, classes=3):
        self.classes = classes
`;

describe("the helper for Python", function () {
  this.timeout(20_000);
  before(function () {
    if (python === undefined) this.skip();
  });
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "convlens-helper-"));
    for (const name of ["code", "out"]) mkdirSync(path.join(folder, name));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  function run(files: Readonly<Record<string, string>>, entry: string, ...more: string[]) {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(folder, "code", name)), { recursive: true });
      writeFileSync(path.join(folder, "code", name), text);
    }
    const cwd = path.join(folder, "out");
    const words = ["--entry", path.join(folder, "code", entry), "--input", "1x3x8x8", ...more];
    const env = {
      ...process.env,
      PYTHONPATH: path.resolve("test/unit/python"),
      PYTHONDONTWRITEBYTECODE: "1",
    };
    const ran = spawnSync(python ?? "", ["-u", HELPER, ...words], { cwd, env, encoding: "utf8" });
    const answer = JSON.parse(readFileSync(path.join(cwd, "result.json"), "utf8")) as Answer;
    const written = readdirSync(cwd).filter((name) => name !== "result.json");
    return { ...ran, answer, written };
  }
  const program = (): string => readFileSync(path.join(folder, "out", "structure.pt2"), "utf8");

  it("makes the class with its arguments, and lets the batch free", () => {
    const { answer, written, stdout } = run(
      { "model.py": NET },
      "model.py:Net",
      "--argument",
      "classes=5",
    );
    assert.equal(answer.call, "Net(classes=5)");
    assert.equal(answer.batch, "free");
    assert.deepEqual(written, ["structure.pt2"]);
    assert.equal(program(), "['Net', ((2, 3, 8, 8),), True]");
    assert.match(stdout, /^reading the script[^\n]*\nmaking Net\(classes=5\)\ntorch\.export/);
    assert.deepEqual(
      answer.sources?.map((source) => path.basename(source.path)),
      ["model.py"],
    );
  });

  it("gives 3 pictures where the batch cannot be free", () => {
    const { answer } = run({ "model.py": `${NET}    free = False\n` }, "model.py:Net");
    assert.equal(answer.batch, "3");
    assert.equal(program(), "['Net', ((3, 3, 8, 8),), False]");
  });

  it("takes of a checkpoint's settings those that the class takes", () => {
    const settings = ["--default", "classes=7", "--default", "lr=0.1"];
    assert.equal(
      run({ "model.py": NET }, "model.py:Net", ...settings).answer.call,
      "Net(classes=7)",
    );
  });

  const WORK = "open('ran', 'w').write('x')";
  for (const [what, code] of [
    ["what stands behind the guard", `${NET}if __name__ == "__main__":\n    ${WORK}\n`],
    ["a loop", `${NET}for epoch in range(3):\n    ${WORK}\n`],
    ["a call", `${NET}def main():\n    ${WORK}\nmain()\n`],
    ["what makes other names", `${NET}data = ${WORK}\n`],
    ["a block that opens a file", `${NET}with open('ran', 'w') as log:\n    pass\n`],
  ] as const)
    it(`does not run ${what}`, () => {
      const { answer, written } = run({ "train.py": code }, "train.py:Net");
      assert.equal(answer.call, "Net()");
      assert.deepEqual(written, ["structure.pt2"]);
    });

  it("says which lines it left out", () => {
    const { stdout } = run(
      { "train.py": `${NET}\nfor i in range(2):\n    ${WORK}\n` },
      "train.py:Net",
    );
    assert.match(stdout, /train\.py: left out, .*: lines 7-8/);
  });

  it("runs constants, and what the class needs", () => {
    const code = `import os, sys
sys.path.append(os.path.dirname(__file__))
WIDTH = 4 * 2
try:
    import missing
except ImportError:
    missing = None
settings = dict(width=WIDTH)
def read(): return settings["width"]
CLASSES = read()
${NET.replace("classes=3", "classes=CLASSES")}`;
    const { answer } = run({ "model.py": code }, "model.py:Net");
    assert.equal(answer.error, undefined);
  });

  it("a variable is made by the lines that make it, and by no others", () => {
    const code = `${NET}
model = Net(4)
model.head = torch.nn.Linear(8, 4)
loader = ${WORK}
optimizer = train(model)
`;
    const { answer, written } = run({ "train.py": code }, "train.py:model");
    assert.equal(answer.call, "model");
    assert.deepEqual(written, ["structure.pt2"]);
  });

  const CONFIGURED = (parameter: string): string => `
import argparse, torch
from dataclasses import dataclass
@dataclass
class Config:
    classes: int = 3
    lr: float = 0.1
CONFIG = {"classes": 8}
class Net(torch.nn.Module):
    def __init__(self, ${parameter}):
        self.classes = ${parameter.split(":")[0] ?? ""}.classes
def build(config):
    class Args: classes = config["classes"]
    return Net(Args)
def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("data", metavar="DIR")
    parser.add_argument("-c", "--num-classes", dest="classes", default=10, type=int)
    parser.add_argument("--pretrained", action="store_true")
    Net(parser.parse_args())
`;
  for (const [what, code, entry, given, call] of [
    [
      "its command line's defaults",
      CONFIGURED("args"),
      "Net",
      [],
      "Net(args=Settings(data=None, classes=10, pretrained=False))",
    ],
    [
      "what a checkpoint kept of it",
      CONFIGURED("opt"),
      "Net",
      ["--default", "classes=6"],
      "Net(opt=Settings(data=None, classes=6, pretrained=False))",
    ],
    [
      "a class of settings",
      CONFIGURED("cfg: Config"),
      "Net",
      ["--default", "classes=4", "--default", "seed=1"],
      "Net(cfg=Config(classes=4, lr=0.1))",
    ],
    ["the script's own", CONFIGURED("args"), "build", [], "build(config={'classes': 8})"],
    [
      "a name of the script",
      CONFIGURED("args"),
      "build",
      ["--argument", "config=CONFIG"],
      "build(config={'classes': 8})",
    ],
    // of a checkpoint, say
    [
      "a text that is a name by chance",
      NET,
      "Net",
      ["--argument", 'classes="torch"'],
      "Net(classes='torch')",
    ],
  ] as const)
    it(`makes settings of ${what}`, () => {
      const { answer } = run({ "model.py": code }, `model.py:${entry}`, ...given);
      assert.equal(answer.error, undefined);
      assert.equal(answer.call, call);
    });

  it("reads no command line, and lets nothing be required of it", () => {
    const code = `import argparse
ap = argparse.ArgumentParser()
ap.add_argument("--root", required=True)
ap.add_argument("--width", type=int, default="8")
opt = ap.parse_args()
${NET.replace("= classes", "= opt.width + 1")}`;
    const { answer } = run({ "train.py": code }, "train.py:Net", "--default", "width=16");
    assert.equal(answer.error, undefined);
  });

  it("stays on the CPU, and downloads no weights", () => {
    const code = `${NET.replace("self.classes = classes", "self.load_state_dict(torch.hub.load_state_dict_from_url('https://nowhere'))")}
        self.to("cuda")
`;
    const { answer } = run({ "model.py": code }, "model.py:Net");
    assert.equal(answer.error, undefined);
  });

  it("finds what a script adds to its path, from the script's own folder", () => {
    const files = {
      "nets/net.py": `import sys\nsys.path.insert(0, "..")\nfrom tools.more import M\n${NET}`,
      // as torch does it
      "tools/more.py":
        'import os, sys\nopen("made.py", "w").close()\nsys.path.append(os.getcwd())\nimport made\nM = 1\n',
    };
    const { answer } = run(files, "nets/net.py:Net");
    assert.equal(answer.error, undefined);
    // what is the person's own, wherever it lies
    assert.deepEqual(answer.sources?.map((source) => path.basename(source.path)).sort(), [
      "more.py",
      "net.py",
    ]);
  });

  it("refuses the weights of another library", () => {
    const { answer } = run({ "model.py": NET }, "model.py:Net", "--outline", "outline.json");
    assert.match(
      answer.error ?? "",
      /Net gives a model of PyTorch, and the weights are none of it/,
    );
  });

  it("finds what stands beside a script, and in its package", () => {
    const files = {
      "nets/__init__.py": "",
      "nets/part.py": "N = 3\n",
      "nets/net.py": `from .part import N\nfrom tools.more import M\n${NET}`,
      "tools/more.py": "M = 1\n",
    };
    const { answer } = run(files, "nets/net.py:Net");
    assert.equal(answer.error, undefined);
    assert.deepEqual(answer.sources?.map((source) => path.basename(source.path)).sort(), [
      "__init__.py",
      "more.py",
      "net.py",
      "part.py",
    ]);
  });

  for (const [entry, code, why] of [
    ["Nope", NET, /model\.py has no 'Nope'; it has Net/],
    ["Net", NET.replace("classes=3", "classes"), /Net\(classes\): missing a required argument/],
    ["make", `${NET}def make(): return 3\n`, /make gives int, no torch\.nn\.Module/],
    ["Net", `import nowhere\n${NET}`, /No module named 'nowhere'/],
    ["Net", `raise SystemExit("no")\n${NET}`, /SystemExit: no/],
    ["Full", NET.replace("Net", "Full"), /No space left/],
  ] as const)
    it(`says what is wrong, and leaves nothing: ${String(why)}`, () => {
      const { answer, written, status } = run({ "model.py": code }, `model.py:${entry}`);
      assert.equal(status, 1);
      assert.match(answer.error ?? "", why);
      assert.deepEqual(written, []);
    });

  it("what a script prints is no progress", () => {
    const { stdout, stderr } = run({ "model.py": `print("chatter")\n${NET}` }, "model.py:Net");
    assert.doesNotMatch(stdout, /chatter/);
    assert.match(stderr, /chatter/);
  });
});
