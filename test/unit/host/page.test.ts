import assert from "node:assert/strict";
import { connect, serve, type Port } from "../../../src/rpc/index.ts";
import { PageSessions, type Page } from "../../../src/host/panels/sessions.ts";
import { tight } from "../../../src/host/panels/compact-arrays.ts";

interface Talk {
  ready(params: Record<string, never>): string;
  wait(params: Record<string, never>): string;
}

/** A webview in memory. Its page may be replaced by a new one, which counts its calls from 1 again. */
function workbench() {
  const toHost = new Set<(message: unknown) => void>();
  let toPage = new Set<(message: unknown) => void>();
  const page: Page = {
    postMessage: (message) => {
      for (const listener of [...toPage]) listener(message);
      return Promise.resolve(true);
    },
    onDidReceiveMessage: (listener) => {
      toHost.add(listener);
      return { dispose: () => toHost.delete(listener) };
    },
  };
  const newPage = () => {
    const listeners = (toPage = new Set());
    const heard: unknown[] = [];
    listeners.add((message) => heard.push(message));
    const port: Port = {
      post: (message) => {
        for (const listener of [...toHost]) listener(message);
      },
      onMessage: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      onClose: () => () => undefined,
    };
    return { remote: connect<Talk>(port).remote, heard };
  };
  return { page, newPage };
}

function host(page: Page) {
  const aborted: number[] = [];
  const finish: (() => void)[] = [];
  let count = 0;
  const sessions = new PageSessions(page, (port) =>
    serve<Talk>(port, {
      ready: () => `page ${String(++count)}`,
      wait: (_params, { signal }) =>
        new Promise((resolve) => {
          const mine = count;
          signal.addEventListener("abort", () => aborted.push(mine));
          finish.push(() => {
            resolve(`answer for page ${String(mine)}`);
          });
        }),
    }),
  );
  return { sessions, aborted, finish };
}

describe("the sessions of a webview's pages", () => {
  it("answers a page, and sends it events", async () => {
    const { page, newPage } = workbench();
    const { sessions, finish } = host(page);
    const { remote, heard } = newPage();
    assert.equal(await remote.ready({}), "page 1");
    const waiting = remote.wait({});
    finish[0]?.();
    assert.equal(await waiting, "answer for page 1");
    sessions.post({ type: "event" });
    assert.deepEqual(heard.at(-1), { type: "event" });
  });

  it("cancels what an older page asked for, and keeps its answer from the new one", async () => {
    const { page, newPage } = workbench();
    const { aborted, finish } = host(page);
    const old = newPage();
    await old.remote.ready({});
    void old.remote.wait({});
    const next = newPage();
    assert.equal(await next.remote.ready({}), "page 2");
    const waiting = next.remote.wait({});
    finish[0]?.(); // the same call number as the new page's
    await Promise.resolve();
    finish[1]?.();
    assert.equal(await waiting, "answer for page 2");
    assert.deepEqual(aborted, [1]);
  });

  it("sends nothing to a hidden page, and cancels its calls", async () => {
    const { page, newPage } = workbench();
    const { sessions, aborted, finish } = host(page);
    const { remote, heard } = newPage();
    await remote.ready({});
    void remote.wait({});
    const before = heard.length;
    sessions.close();
    sessions.post({ type: "event" });
    finish[0]?.();
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(aborted, [1]);
    assert.equal(heard.length, before);
  });
});

describe("messages to a page", () => {
  it("carry typed arrays in buffers of their own", () => {
    const whole = new Float32Array([1, 2, 3, 4]);
    const message = {
      tiles: { pixels: Buffer.from("abcdef").subarray(1, 3), ranges: whole.subarray(1, 3) },
      list: [new Uint8Array(new ArrayBuffer(8), 4, 2)],
      name: "x",
      none: null,
    };
    const copy = tight(message) as typeof message;
    assert.deepEqual([...copy.tiles.pixels], [98, 99]);
    assert.equal(copy.tiles.pixels.constructor, Uint8Array);
    assert.equal(copy.tiles.pixels.buffer.byteLength, 2);
    assert.deepEqual([...copy.tiles.ranges], [2, 3]);
    assert.equal(copy.tiles.ranges.buffer.byteLength, 8);
    assert.equal(copy.list[0]?.buffer.byteLength, 2);
    assert.deepEqual([copy.name, copy.none], ["x", null]);
  });
  it("keep an array that is tight already", () => {
    const array = new Float32Array(3);
    assert.equal(tight(array), array);
  });
});
