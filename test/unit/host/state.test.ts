import assert from "node:assert/strict";
import { asIntent, firstIntent, withPicture } from "../../../src/host/panels/intent.ts";
import { untilStable, type Stamp } from "../../../src/host/panels/stable.ts";
import { WorkspaceStore } from "../../../src/host/store.ts";

describe("a stored intent", () => {
  it("comes back as it was", () => {
    const intent = {
      ...withPicture(firstIntent("/m.h5"), "/cat.png"),
      lens: "cam",
      classes: [285, 1],
      on: "left",
      camLayer: "top",
      camMethod: "grad-cam++",
      camBeside: "layer-cam",
      camMerged: ["early"],
      camMinus: 3,
      pinned: true,
      camGallery: true,
      recipe: "maco",
      attack: "exact",
      baseline: "blurred",
      filter: 7,
      maximize: "classes",
      attribution: "rise",
    };
    assert.deepEqual(asIntent(JSON.parse(JSON.stringify(intent))), intent);
  });
  it("of another version keeps what is understood", () => {
    assert.deepEqual(
      asIntent({ model: "/m.h5", lens: "toString", images: ["/a", 3], classes: [1, -1, "2", 0.5] }),
      { ...firstIntent("/m.h5"), images: ["/a"], classes: [1] },
    );
  });
  it("without a model is none", () => {
    for (const value of [undefined, null, "x", {}, { model: 3 }, { model: "" }])
      assert.equal(asIntent(value), null);
  });
  it("takes a picture once", () => {
    const intent = withPicture(withPicture(firstIntent("/m.h5"), "/a.png"), "/b.png");
    const again = withPicture(intent, "/a.png");
    assert.deepEqual(again.images, ["/a.png", "/b.png"]);
    assert.equal(again.image, "/a.png");
  });
});

describe("the workspace's memory", () => {
  const memento = () => {
    const stored = new Map<string, unknown>();
    return {
      stored,
      get: (key: string) => stored.get(key) as never,
      update: (key: string, value: unknown) => {
        stored.set(key, value);
        return Promise.resolve();
      },
    };
  };
  it("keeps one intent per model, and what was used last first", () => {
    const store = new WorkspaceStore(memento());
    store.keepIntent(firstIntent("/a.h5"));
    store.keepIntent(withPicture(firstIntent("/b.h5"), "/cat.png"));
    store.keepIntent({ ...firstIntent("/a.h5"), lens: "filters" });
    assert.equal(store.intent("/a.h5")?.lens, "filters");
    assert.equal(store.intent("/b.h5")?.image, "/cat.png");
    assert.equal(store.intent("/c.h5"), null);
    assert.deepEqual(store.recent("models"), ["/a.h5", "/b.h5"]);
    assert.deepEqual(store.recent("pictures"), ["/cat.png"]);
  });
  it("does not grow without end, and survives what it cannot read", () => {
    const state = memento();
    const store = new WorkspaceStore(state);
    for (let i = 0; i < 100; i++) store.keepIntent(firstIntent(`/${String(i)}.h5`));
    assert.equal((state.stored.get("intents") as unknown[]).length, 30);
    assert.equal(store.recent("models").length, 20);
    state.stored.set("intents", "nonsense");
    state.stored.set("models", [1, "/x.h5"]);
    assert.equal(store.intent("/x.h5"), null);
    assert.deepEqual(store.recent("models"), ["/x.h5"]);
  });
});

describe("a model file that is being written", () => {
  const run = async (stamps: readonly (Stamp | null)[], signal = new AbortController().signal) => {
    let asked = 0;
    const stat = (): Promise<Stamp | null> => Promise.resolve(stamps[asked++] ?? null);
    const stable = await untilStable(stat, signal, () => Promise.resolve());
    return { asked, stable };
  };
  const at = (size: number, mtime = 1): Stamp => ({ size, mtime });

  it("is waited for until it keeps its size and time", async () => {
    assert.deepEqual(await run([at(1), at(5), null, at(9), at(9, 2), at(9, 2)]), {
      asked: 6,
      stable: true,
    });
  });
  it("that stays away is taken as deleted", async () => {
    const { stable, asked } = await run([at(1)]);
    assert.equal(stable, true);
    assert.equal(asked, 10);
  });
  it("is no longer waited for once that is cancelled", async () => {
    const { stable, asked } = await run([at(1), at(1)], AbortSignal.abort());
    assert.deepEqual([stable, asked], [false, 1]);
  });
});
