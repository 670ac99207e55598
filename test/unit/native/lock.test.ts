import assert from "node:assert/strict";
import { utimes } from "node:fs/promises";
import { join } from "node:path";
import { ConvLensError } from "../../../src/base/errors.ts";
import { takeLock } from "../../../src/native/lock.ts";
import { fakeRoute, Sandbox } from "./sandbox.ts";

describe("native: one installation at a time", () => {
  let sandbox: Sandbox;
  beforeEach(async () => {
    sandbox = await Sandbox.make();
  });
  afterEach(() => sandbox.remove());

  it("a second installation waits for the first and takes what it made", async () => {
    let started = (): void => undefined;
    const running = new Promise<void>((resolve) => (started = resolve));
    let goOn = (): void => undefined;
    const waiting = new Promise<void>((resolve) => (goOn = resolve));
    const slow = fakeRoute("slow", () => {
      started();
      return waiting;
    });
    const first = sandbox.install({ routes: [slow] });
    await running;
    const second = sandbox.install({ routes: [fakeRoute("never", () => assert.fail())] });
    while (!sandbox.messages.some((message) => message.startsWith("Another ConvLens")))
      await new Promise((resolve) => setTimeout(resolve, 10));
    goOn();
    assert.deepEqual(await second, await first);
  });

  it("takes over the lock of a process that died, and not a fresh one", async () => {
    const path = join(sandbox.root, ".lock");
    const first = await takeLock(path);
    assert.equal(first.waited, false);
    await assert.rejects(
      takeLock(path, { signal: AbortSignal.timeout(50), pollMs: 10 }),
      (error) => error instanceof ConvLensError && error.kind === "cancelled",
    );
    const longAgo = new Date(Date.now() - 120_000);
    await utimes(path, longAgo, longAgo);
    const second = await takeLock(path);
    await second.release();
    await first.release();
  });
});
