/**
 * A model in a program that a real debugger has paused: saved by the expression of "Inspect This Variable", and the program goes on as it was.
 * CONVLENS_TEST_PYTHON names a Python with torch and debugpy.
 */
import assert from "node:assert/strict";
import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from "node:child_process";
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { at } from "../../../src/base/at.ts";
import { floats } from "../../../src/base/tensor.ts";
import { createEngine } from "../../../src/engine/index.ts";
import { saveExpression, savedFile } from "../../../src/host/checkpoint/live.ts";
import { forward } from "../../../src/methods/forward.ts";
import { OpenModel } from "../../../src/session/index.ts";

const HELPER = path.resolve("media/python/convlens.py");
const python = process.env["CONVLENS_TEST_PYTHON"];
/** It pauses at line 20. */
const PROGRAM = `import copy, json, random, sys
import numpy, torch
from torch import nn
torch.manual_seed(3)
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv, self.norm = nn.Conv2d(3, 4, 3, padding=1), nn.BatchNorm2d(4)
        self.drop, self.head = nn.Dropout(0.5), nn.Linear(4, 3)
    def forward(self, x):
        return self.head(self.drop(torch.relu(self.norm(self.conv(x))).mean((2, 3))))
class Trainer:
    net = Net().train()
trainer = Trainer()
net = trainer.net
net(torch.rand(2, 3, 32, 32)).sum().backward()
def told():
    return [{k: v.tolist() for k, v in net.state_dict().items()}, [p.grad.tolist() for p in net.parameters()], [m.training for m in net.modules()], [p.requires_grad for p in net.parameters()], str(random.getstate()), str(numpy.random.get_state()), torch.get_rng_state().tolist(), sorted(sys.modules)]
before = told()
expected = copy.deepcopy(net).eval()(torch.arange(150528).remainder(7).reshape(1, 3, 224, 224) / 7).tolist()
after = told()
new = sorted(set(after.pop()) - set(before.pop()))
json.dump({"same": [a == b for a, b in zip(before, after)], "logits": expected[0], "convlens": [n for n in new if "convlens" in n]}, open(sys.argv[1], "w"))
`;

interface Message {
  readonly type: string;
  readonly event?: string;
  readonly request_seq?: number;
  readonly success?: boolean;
  readonly message?: string;
  readonly body?: Record<string, unknown>;
}

/** The Debug Adapter Protocol over an adapter's standard streams. */
class Debugger {
  private readonly process: ChildProcessWithoutNullStreams;
  private readonly waiting: { for: (message: Message) => boolean; take: (m: Message) => void }[] =
    [];
  private bytes = Buffer.alloc(0);
  private count = 0;

  constructor(command: string) {
    this.process = spawn(command, ["-m", "debugpy.adapter"]);
    this.process.stdout.on("data", (chunk: Buffer) => {
      this.bytes = Buffer.concat([this.bytes, chunk]);
      this.read();
    });
  }
  private read(): void {
    for (;;) {
      const end = this.bytes.indexOf("\r\n\r\n");
      const [, length] = /Content-Length: (\d+)/.exec(this.bytes.toString("latin1", 0, end)) ?? [];
      const last = end + 4 + Number(length);
      if (end < 0 || this.bytes.length < last) return;
      const message = JSON.parse(this.bytes.toString("utf8", end + 4, last)) as Message;
      this.bytes = this.bytes.subarray(last);
      const index = this.waiting.findIndex((one) => one.for(message));
      if (index >= 0) this.waiting.splice(index, 1)[0]?.take(message);
    }
  }
  event(name: string): Promise<Message> {
    return new Promise((take) => this.waiting.push({ for: ({ event }) => event === name, take }));
  }
  async ask(command: string, args: object): Promise<Record<string, unknown>> {
    const seq = ++this.count;
    const text = JSON.stringify({ seq, type: "request", command, arguments: args });
    const answer = new Promise<Message>((take) =>
      this.waiting.push({ for: (message) => message.request_seq === seq, take }),
    );
    this.process.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
    const { success, message, body = {} } = await answer;
    assert.ok(success, message);
    return body;
  }
  end(): void {
    this.process.kill();
  }
}

describe("a model in a paused program", function () {
  this.timeout(300_000);
  let folder = "";
  let adapter: Debugger | undefined;
  before(function () {
    const there = python && spawnSync(python, ["-c", "import torch, debugpy"]).status === 0;
    if (!there) this.skip();
    folder = realpathSync(mkdtempSync(path.join(tmpdir(), "convlens-debugger-")));
  });
  after(() => {
    adapter?.end();
    if (folder !== "") rmSync(folder, { recursive: true, force: true });
  });

  it("is saved as it is, and the program goes on as it was", async () => {
    const [program, told] = [path.join(folder, "train.py"), path.join(folder, "told.json")];
    writeFileSync(program, PROGRAM);
    const own = (adapter = new Debugger(python ?? ""));
    await own.ask("initialize", { adapterID: "python", pathFormat: "path" });
    const ready = own.event("initialized");
    const launched = own.ask("launch", {
      ...{ program, args: [told], python: [python], console: "internalConsole", cwd: folder },
    });
    await ready;
    await own.ask("setBreakpoints", { source: { path: program }, breakpoints: [{ line: 20 }] });
    const stopped = own.event("stopped");
    await own.ask("configurationDone", {});
    await launched;
    const { threadId } = (await stopped).body ?? {};
    const { stackFrames } = (await own.ask("stackTrace", { threadId })) as {
      stackFrames: readonly { id: number }[];
    };
    const frameId = at(stackFrames, 0).id;
    // as the Variables view has it: a model in an object
    const expression = saveExpression(HELPER, "trainer.net", folder);
    const { result } = await own.ask("evaluate", { expression, frameId, context: "repl" });
    const file = savedFile(String(result), folder);
    assert.equal(path.basename(file), "model.pt2");
    const ended = own.event("terminated");
    await own.ask("continue", { threadId });
    await ended;
    assert.ok(existsSync(told));
    const { same, logits, convlens } = JSON.parse(readFileSync(told, "utf8")) as {
      readonly same: readonly boolean[];
      readonly logits: readonly number[];
      readonly convlens: readonly string[];
    };
    // weights and statistics, gradients, modes, what is trained, and the three states of random numbers
    assert.deepEqual(same, Array<boolean>(7).fill(true));
    assert.deepEqual(convlens, []);
    const { engine } = await createEngine("auto");
    const { graph } = await OpenModel.open(file);
    const pixels = Float32Array.from({ length: 150_528 }, (_, i) => {
      const [channel, cell] = [i % 3, Math.floor(i / 3)];
      return ((channel * 224 * 224 + cell) % 7) / 7;
    });
    const picture = floats([1, 224, 224, 3], pixels);
    const [found] = await forward({ graph, engine }, [picture], [at(graph.outputs, 0).node]);
    const apart = logits.map((logit, i) => Math.abs(logit - at(found?.data ?? [], i)));
    const largest = Math.max(...logits.map(Math.abs));
    assert.ok(Math.max(...apart) < 1e-4 * largest, `${apart.join()} of ${logits.join()}`);
    graph.weights.close();
    engine.dispose();
  });
});
