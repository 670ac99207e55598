import assert from "node:assert/strict";
import { firstIntent } from "../../../src/host/panels/intent.ts";
import { askedIn, asksMore, changedIntent } from "../../../src/shared/changed-intent.ts";

const asked = { classes: [281], target: "box:3", camMerged: ["conv1"], camMinus: 7 };
const cat = { ...firstIntent("/m.h5"), images: ["cat.png", "dog.png"], image: "cat.png", ...asked };

describe("another picture", () => {
  it("begins at its own top classes", () => {
    const dog = changedIntent(cat, { image: "dog.png" });
    assert.equal(dog.image, "dog.png");
    assert.equal(asksMore(dog), false);
    assert.deepEqual([dog.classes, dog.target, dog.camMerged, dog.camMinus], [[], null, [], null]);
  });

  it("is asked what is pinned, or comes with it", () => {
    const pinned = changedIntent({ ...cat, pinned: true }, { image: "dog.png" });
    assert.deepEqual(askedIn(pinned), asked);
    assert.deepEqual(changedIntent(cat, { image: "dog.png", classes: [3] }).classes, [3]);
    assert.deepEqual(askedIn(changedIntent(cat, { ...askedIn(cat), image: "dog.png" })), asked);
  });

  it("is none where the same is looked at, or the first", () => {
    assert.deepEqual(askedIn(changedIntent(cat, { image: "cat.png", lens: "cam" })), asked);
    assert.deepEqual(askedIn(changedIntent({ ...cat, image: null }, { image: "cat.png" })), asked);
  });
});
