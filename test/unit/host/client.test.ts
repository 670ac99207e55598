import assert from "node:assert/strict";
import { ComputeClient } from "../../../src/host/compute/client.ts";
import type { Handlers } from "../../../src/rpc/index.ts";
import type { ComputeContract } from "../../../src/shared/contract/compute.ts";
import type { Preprocessing } from "../../../src/base/preprocessing.ts";
import { FakeChild } from "./fake-child.ts";

const chosen: Preprocessing = {
  order: "rgb",
  scale: 1,
  mean: [127],
  std: [128],
  fit: "crop",
  source: "user",
  why: "You chose it.",
};

function world() {
  const children: FakeChild<ComputeContract>[] = [];
  const calls: string[] = [];
  const note = (name: string) => (params: object) => {
    const { model } = params as { model?: string };
    calls.push(`${String(children.length)} ${name}${model === undefined ? "" : ` ${model}`}`);
    return Promise.resolve({} as never);
  };
  const handlers = {
    configure: note("configure"),
    summary: note("summary"),
    release: note("release"),
    setPreprocessing: note("setPreprocessing"),
    saveSidecar: note("saveSidecar"),
  } as unknown as Handlers<ComputeContract>;
  const client = new ComputeClient(
    () => {
      const child = new FakeChild<ComputeContract>(handlers);
      children.push(child);
      return child;
    },
    () => ({ engine: "auto", memoryBudgetBytes: 1, idleMs: 0 }),
  );
  return { client, children, calls };
}

describe("the compute client", () => {
  it("configures a process before anything else, and again when settings change", async () => {
    const { client, calls } = world();
    await client.settingsChanged();
    assert.deepEqual(calls, []);
    await client.remote.summary({ model: "a" });
    await client.settingsChanged();
    assert.deepEqual(calls, ["1 configure", "1 summary a", "1 configure"]);
  });

  it("tells a new process the preprocessing a person chose, once, before that model's calls", async () => {
    const { client, children, calls } = world();
    await client.remote.setPreprocessing({ model: "a", preprocessing: chosen });
    children[0]?.crash("it ended by SIGKILL.");
    calls.length = 0;
    await client.remote.summary({ model: "b" });
    await Promise.all([
      client.remote.summary({ model: "a" }),
      client.remote.summary({ model: "a" }),
    ]);
    assert.deepEqual(calls, [
      "2 configure",
      "2 summary b",
      "2 setPreprocessing a",
      "2 summary a",
      "2 summary a",
    ]);
  });

  it("tells it again after the model was released, and not after it went to the sidecar", async () => {
    const { client, calls } = world();
    await client.remote.setPreprocessing({ model: "a", preprocessing: chosen });
    await client.release("a");
    calls.length = 0;
    await client.remote.summary({ model: "a" });
    assert.deepEqual(calls, ["1 setPreprocessing a", "1 summary a"]);
    await client.remote.saveSidecar({ model: "a" });
    await client.release("a");
    calls.length = 0;
    await client.remote.summary({ model: "a" });
    assert.deepEqual(calls, ["1 summary a"]);
  });

  it("starts no process only to release a model", async () => {
    const { client, children } = world();
    await client.release("a");
    assert.equal(children.length, 0);
  });
});
