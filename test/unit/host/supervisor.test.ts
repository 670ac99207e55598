import assert from "node:assert/strict";
import { mock } from "node:test";
import { Supervisor } from "../../../src/host/compute/supervisor.ts";
import type { Handlers } from "../../../src/rpc/index.ts";
import { ConvLensError } from "../../../src/base/errors.ts";
import { FakeChild } from "./fake-child.ts";

interface Work {
  add(params: { a: number; b: number }): number;
  /** Runs until cancelled or crashed. */
  hang(params: Record<string, never>): void;
  write(params: Record<string, never>): void;
}

function world(options: { idleMs?: number; crashing?: (start: number) => boolean } = {}) {
  const children: FakeChild<Work>[] = [];
  const calls: string[] = [];
  const aborted: string[] = [];
  const handlers = (start: number): Handlers<Work> => {
    const hang = (name: string, signal: AbortSignal): Promise<void> => {
      calls.push(name);
      if (options.crashing?.(start)) children[start - 1]?.crash("it ended by SIGKILL.");
      return options.crashing
        ? Promise.resolve()
        : new Promise((_resolve, reject) => {
            signal.addEventListener("abort", () => {
              aborted.push(name);
              reject(new Error("aborted"));
            });
          });
    };
    return {
      add: ({ a, b }) => {
        calls.push("add");
        return a + b;
      },
      hang: (_params, { signal }) => hang("hang", signal),
      write: (_params, { signal }) => hang("write", signal),
    };
  };
  let prepared = 0;
  const supervisor = new Supervisor<Work>({
    spawn: () => {
      const child = new FakeChild<Work>(handlers(children.length + 1));
      children.push(child);
      return child;
    },
    prepare: () => Promise.resolve(++prepared),
    repeatable: (method) => method !== "write",
    idleMs: () => options.idleMs ?? 0,
  });
  return { supervisor, children, calls, aborted, prepared: () => prepared };
}
const compute = (pattern: RegExp) => (error: unknown) =>
  error instanceof ConvLensError && error.kind === "compute" && pattern.test(error.message);

describe("the supervisor of the compute process", () => {
  it("starts one process for the first call, prepared before it, and keeps it", async () => {
    const { supervisor, children, prepared } = world();
    assert.equal(supervisor.alive, false);
    assert.deepEqual(
      await Promise.all([
        supervisor.call("add", { a: 1, b: 2 }),
        supervisor.call("add", { a: 3, b: 4 }),
      ]),
      [3, 7],
    );
    assert.equal(await supervisor.call("add", { a: 5, b: 6 }), 11);
    assert.equal(children.length, 1);
    assert.equal(prepared(), 1);
  });

  it("repeats a call once on a new process after a crash", async () => {
    const { supervisor, children, calls, prepared } = world({ crashing: (start) => start === 1 });
    const lost: string[] = [];
    supervisor.onLost((reason) => lost.push(reason));
    await supervisor.call("hang", {});
    assert.deepEqual(calls, ["hang", "hang"]);
    assert.equal(children.length, 2);
    assert.equal(prepared(), 2);
    assert.deepEqual(lost, ["it ended by SIGKILL."]);
  });

  it("gives a clear error when the repeated call crashes too, and serves the next call", async () => {
    const { supervisor, children, calls } = world({ crashing: (start) => start <= 2 });
    await assert.rejects(supervisor.call("hang", {}), compute(/'hang'.*SIGKILL/));
    assert.deepEqual(calls, ["hang", "hang"]);
    assert.equal(await supervisor.call("add", { a: 1, b: 1 }), 2);
    assert.equal(children.length, 3);
  });

  it("does not repeat what must not happen twice", async () => {
    const { supervisor, calls } = world({ crashing: (start) => start === 1 });
    await assert.rejects(supervisor.call("write", {}), compute(/'write'.*SIGKILL/));
    assert.deepEqual(calls, ["write"]);
  });

  it("gives up after three restarts in five minutes, until it is restarted by hand", async () => {
    const { supervisor, children } = world({ crashing: (start) => start <= 4 });
    const gaveUp: string[] = [];
    supervisor.onGaveUp((reason) => gaveUp.push(reason));
    await assert.rejects(supervisor.call("hang", {}));
    await assert.rejects(supervisor.call("hang", {}), compute(/too often/));
    assert.equal(children.length, 4);
    await assert.rejects(supervisor.call("add", { a: 1, b: 1 }), compute(/ConvLens: Restart/));
    assert.equal(children.length, 4);
    assert.equal(gaveUp.length, 1);
    supervisor.restart("It was restarted.");
    assert.equal(await supervisor.call("add", { a: 1, b: 1 }), 2);
  });

  it("a restart by hand repeats what was under way, and is no crash", async () => {
    const { supervisor, children, calls } = world();
    const lost: string[] = [];
    supervisor.onLost((reason) => lost.push(reason));
    const controller = new AbortController();
    const hanging = supervisor.call("hang", {}, { signal: controller.signal });
    await supervisor.call("add", { a: 1, b: 1 });
    for (let i = 0; i < 5; i++) supervisor.restart("It was restarted.");
    await supervisor.call("add", { a: 1, b: 1 });
    assert.deepEqual([...calls].sort(), ["add", "add", "hang", "hang"]);
    assert.equal(children.length, 2);
    assert.equal(lost.length, 5);
    controller.abort();
    await assert.rejects(hanging, { kind: "cancelled" });
  });

  it("cancels in the process when the caller aborts", async () => {
    const { supervisor, aborted } = world();
    const controller = new AbortController();
    const hanging = supervisor.call("hang", {}, { signal: controller.signal });
    await supervisor.call("add", { a: 1, b: 1 });
    controller.abort();
    await assert.rejects(hanging, { kind: "cancelled" });
    assert.deepEqual(aborted, ["hang"]);
    assert.equal(supervisor.alive, true);
  });

  it("on dispose cancels what runs, kills the process and refuses more", async () => {
    const { supervisor, children, aborted } = world();
    const hanging = supervisor.call("hang", {});
    await supervisor.call("add", { a: 1, b: 1 });
    supervisor.dispose();
    await assert.rejects(hanging, { kind: "cancelled" });
    await assert.rejects(supervisor.call("add", { a: 1, b: 1 }), { kind: "cancelled" });
    assert.deepEqual(aborted, ["hang"]);
    assert.equal(children[0]?.killed, true);
    assert.equal(children.length, 1);
  });

  it("stops an idle process without a word, but never one at work", async () => {
    mock.timers.enable({ apis: ["setTimeout"] });
    try {
      const { supervisor, children } = world({ idleMs: 60_000 });
      const lost: string[] = [];
      supervisor.onLost((reason) => lost.push(reason));
      const controller = new AbortController();
      const hanging = supervisor.call("hang", {}, { signal: controller.signal });
      await supervisor.call("add", { a: 1, b: 1 });
      mock.timers.tick(600_000);
      assert.equal(supervisor.alive, true);
      controller.abort();
      await assert.rejects(hanging);
      mock.timers.tick(59_000);
      assert.equal(supervisor.alive, true);
      mock.timers.tick(1_000);
      assert.equal(supervisor.alive, false);
      assert.equal(children[0]?.killed, true);
      assert.deepEqual(lost, []);
      assert.equal(await supervisor.call("add", { a: 2, b: 2 }), 4);
    } finally {
      mock.timers.reset();
    }
  });
});
