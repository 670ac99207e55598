import assert from "node:assert/strict";
import type { Tiles } from "../../../src/shared/contract/lenses.ts";
import { RemoteError, type CallOptions } from "../../../src/rpc/index.ts";
import { computeRestarted } from "../../../webview/common/state/activity.ts";
import {
  Pages,
  pageSizeFor,
  type PageRequest,
} from "../../../webview/common/drawing/tile-pages.ts";
import { Resource } from "../../../webview/common/state/resource.ts";

const host = {
  addController: () => undefined,
  removeController: () => undefined,
  requestUpdate: () => undefined,
  updateComplete: Promise.resolve(true),
};
const tick = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

/** Answers when told to; remembers what was asked. */
function answers<P, T>(make: (params: P) => T) {
  const asked: { params: P; signal: AbortSignal; answer(): void; fail(error: Error): void }[] = [];
  const call = (params: P, { signal }: CallOptions): Promise<T> =>
    new Promise((resolve, reject) => {
      assert.ok(signal);
      const answer = (): void => resolve(make(params));
      asked.push({ params, signal, answer, fail: reject });
    });
  return { asked, call };
}

function tilesOf({ first, count }: PageRequest, total: number): Tiles {
  const sent = Math.min(count, total - first);
  const pixels = new Uint8Array(sent);
  const ranges = new Float32Array(2 * sent);
  return { count: sent, first, total, width: 1, height: 1, channels: 1, pixels, ranges };
}

describe("a grid that is fetched in pages", () => {
  const grid = (total: number) =>
    answers((params: PageRequest & { layer: string }) => ({
      layer: params.layer,
      tiles: tilesOf(params, total),
    }));

  it("fetches the first page, then only what is looked at, each once", async () => {
    const { asked, call } = grid(1280);
    const pages = new Pages<{ layer: string; tiles: Tiles }>(host);
    pages.open({ layer: "a" }, 0, 100, call);
    pages.open({ layer: "a" }, 0, 100, call);
    assert.equal(asked.length, 1);
    asked[0]?.answer();
    await tick();
    assert.equal(pages.total, 1280);
    pages.need([90, 110, 1270]);
    pages.need([90, 110, 1270]);
    assert.deepEqual(
      asked.map(({ params }) => params.first),
      [0, 100, 1200],
    );
    asked[2]?.answer();
    await tick();
    assert.equal(pages.tile(1279)?.slot, 79);
    assert.equal(pages.tile(150), null);
  });

  it("cancels pages that are no longer looked at", async () => {
    const { asked, call } = grid(1000);
    const pages = new Pages<{ layer: string; tiles: Tiles }>(host);
    pages.open({ layer: "a" }, 0, 100, call);
    asked[0]?.answer();
    await tick();
    pages.need([500]);
    pages.need([900]);
    assert.ok(asked[1]?.signal.aborted);
    assert.ok(!asked[2]?.signal.aborted);
  });

  it("keeps the earlier grid until the next is there", async () => {
    const { asked, call } = grid(10);
    const pages = new Pages<{ layer: string; tiles: Tiles }>(host);
    pages.open({ layer: "a" }, 0, 100, call);
    asked[0]?.answer();
    await tick();
    pages.open({ layer: "b" }, 0, 100, call);
    assert.ok(pages.stale);
    assert.equal(pages.meta?.layer, "a");
    assert.ok(pages.tile(3));
    asked[1]?.answer();
    await tick();
    assert.ok(!pages.stale);
    assert.equal(pages.meta.layer, "b");
    pages.open(null, 0, 100, call);
    assert.equal(pages.total, 0);
  });

  it("asks for about 256 KiB at a time", () => {
    assert.equal(pageSizeFor(112 * 112), 20);
    assert.equal(pageSizeFor(9), 256);
    assert.equal(pageSizeFor(1e6), 16);
  });
});

describe("one fetched value", () => {
  it("is fetched once for equal parameters, again for others or a new version", () => {
    const { asked, call } = answers(({ x }: { x: number }) => x);
    const resource = new Resource<number>(host);
    resource.load({ x: 1 }, 0, call);
    resource.load({ x: 1 }, 0, call);
    assert.equal(asked.length, 1);
    resource.load({ x: 2 }, 0, call);
    assert.ok(asked[0]?.signal.aborted);
    resource.load({ x: 2 }, 1, call);
    assert.equal(asked.length, 3);
    resource.cancel();
  });

  it("keeps its value while the next is fetched, and ignores late answers", async () => {
    const { asked, call } = answers(({ x }: { x: number }) => x);
    const resource = new Resource<number>(host);
    resource.load({ x: 1 }, 0, call);
    asked[0]?.answer();
    await tick();
    resource.load({ x: 2 }, 0, call);
    resource.load({ x: 3 }, 0, call);
    assert.equal(resource.value, 1);
    asked[1]?.answer();
    await tick();
    assert.equal(resource.value, 1);
    asked[2]?.answer();
    await tick();
    assert.equal(resource.value, 3);
    assert.ok(!resource.busy);
  });

  it("says what went wrong, and asks again once the compute process is back", async () => {
    const { asked, call } = answers(({ x }: { x: number }) => x);
    const resource = new Resource<number>(host);
    resource.hostConnected();
    resource.load({ x: 1 }, 0, call);
    asked[0]?.fail(new RemoteError("disconnected", "The compute process ended."));
    await tick();
    assert.equal(resource.error?.message, "The compute process ended.");
    computeRestarted();
    assert.equal(asked.length, 2);
    asked[1]?.answer();
    await tick();
    assert.equal(resource.value, 1);
    assert.equal(resource.error, null);
    resource.hostDisconnected();
  });

  it("can be cancelled and tried again", async () => {
    const { asked, call } = answers(({ x }: { x: number }) => x);
    const resource = new Resource<number>(host);
    resource.load({ x: 1 }, 0, call);
    resource.cancel();
    assert.ok(asked[0]?.signal.aborted);
    assert.equal(resource.error?.kind, "cancelled");
    resource.retry();
    asked[1]?.answer();
    await tick();
    assert.equal(resource.value, 1);
  });
});
