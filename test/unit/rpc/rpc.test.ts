import assert from "node:assert/strict";
import {
  connect,
  serve,
  RemoteError,
  type CallContext,
  type Port,
} from "../../../src/rpc/index.ts";
import { inputError } from "../../../src/base/errors.ts";

/** Two ends of a line that delivers asynchronously, as a process does. */
function line(): { a: Port; b: Port; cut: (reason: string) => void } {
  const listeners = [new Set<(m: unknown) => void>(), new Set<(m: unknown) => void>()] as const;
  const closers = new Set<(reason: string) => void>();
  const end = (own: 0 | 1): Port => ({
    post: (message) => {
      const copy = structuredClone(message);
      setImmediate(() => listeners[own === 0 ? 1 : 0].forEach((listener) => listener(copy)));
    },
    onMessage: (listener) => {
      listeners[own].add(listener);
      return () => listeners[own].delete(listener);
    },
    onClose: (listener) => {
      closers.add(listener);
      return () => closers.delete(listener);
    },
  });
  return { a: end(0), b: end(1), cut: (reason) => closers.forEach((close) => close(reason)) };
}

interface Api {
  add(params: { a: number; b: number }): number;
  fail(params: { how: "plain" | "input" }): void;
  wait(params: Record<string, never>): string;
  bytes(params: { data: Uint8Array }): Uint8Array;
}
const handlers = {
  add: ({ a, b }: { a: number; b: number }) => a + b,
  fail: ({ how }: { how: "plain" | "input" }): void => {
    throw how === "input" ? inputError("x.h5 is empty.") : new Error("oops");
  },
  wait: (_: Record<string, never>, { signal, progress }: CallContext) =>
    new Promise<string>((resolve) => {
      progress({ fraction: 0.5, message: "half" });
      signal.addEventListener("abort", () => resolve("aborted"));
    }),
  bytes: ({ data }: { data: Uint8Array }) => data.map((n) => n * 2),
};

describe("rpc", () => {
  it("answers, also with bytes, and each call with its own result", async () => {
    const { a, b } = line();
    serve<Api>(b, handlers);
    const { remote } = connect<Api>(a);
    assert.deepEqual(
      await Promise.all([1, 2, 3].map((n) => remote.add({ a: n, b: n }))),
      [2, 4, 6],
    );
    assert.deepEqual(await remote.bytes({ data: Uint8Array.of(1, 2) }), Uint8Array.of(2, 4));
  });

  it("a handler that throws rejects its caller with kind and message", async () => {
    const { a, b } = line();
    serve<Api>(b, handlers);
    const { remote } = connect<Api>(a);
    await assert.rejects(remote.fail({ how: "input" }), {
      kind: "input",
      message: "x.h5 is empty.",
    });
    await assert.rejects(remote.fail({ how: "plain" }), { kind: "internal", message: "oops" });
    const unknown = remote as unknown as { nothing(params: object): Promise<void> };
    await assert.rejects(unknown.nothing({}), /unknown call 'nothing'/);
  });

  it("progress arrives; a cancel ends the call here and aborts the signal there", async () => {
    const { a, b } = line();
    let ended: Promise<unknown> | undefined;
    serve<Api>(b, {
      ...handlers,
      wait: (p, c) => (ended = handlers.wait(p, c)),
    });
    const { remote } = connect<Api>(a);
    const controller = new AbortController();
    const seen: unknown[] = [];
    const call = remote.wait(
      {},
      {
        signal: controller.signal,
        onProgress: (progress) => {
          seen.push(progress);
          controller.abort();
        },
      },
    );
    await assert.rejects(call, { kind: "cancelled" });
    assert.deepEqual(seen, [{ fraction: 0.5, message: "half" }]);
    assert.equal(await ended, "aborted");
  });

  it("an aborted signal sends nothing", async () => {
    const { a } = line();
    const { remote } = connect<Api>({ ...a, post: () => assert.fail("nothing may be sent") });
    await assert.rejects(remote.add({ a: 1, b: 1 }, { signal: AbortSignal.abort() }), {
      kind: "cancelled",
    });
  });

  it("a cut line rejects what is pending and what comes later", async () => {
    const { a, b, cut } = line();
    serve<Api>(b, handlers);
    const { remote } = connect<Api>(a);
    const pending = remote.wait({});
    setImmediate(() => cut("killed"));
    await assert.rejects(
      pending,
      (error) => error instanceof RemoteError && error.kind === "disconnected",
    );
    await assert.rejects(remote.add({ a: 1, b: 1 }), { kind: "disconnected", message: "killed" });
  });

  it("disposing the caller cancels what runs on the other side", async () => {
    const { a, b } = line();
    let ended: Promise<unknown> | undefined;
    serve<Api>(b, {
      ...handlers,
      wait: (p, c) => (ended = handlers.wait(p, c)),
    });
    const connection = connect<Api>(a);
    const pending = connection.remote.wait({});
    await new Promise((resolve) => setTimeout(resolve, 5));
    connection.dispose();
    await assert.rejects(pending, { kind: "disconnected" });
    assert.equal(await ended, "aborted");
  });
});
