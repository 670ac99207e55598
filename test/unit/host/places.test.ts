import assert from "node:assert/strict";
import path from "node:path";
import { placeIn } from "../../../src/host/assistant/places.ts";

describe("files that assistants name, in a workspace of several folders", () => {
  const models = { name: "models", path: path.resolve("/here/models") };
  const data = { name: "data", path: path.resolve("/elsewhere/data") };
  const there = new Set([path.join(models.path, "net.h5"), path.join(data.path, "cat.png")]);
  const place = (name: string): string => placeIn([models, data], name, (file) => there.has(file));

  it("are found in the folder that has them", () => {
    assert.equal(place("net.h5"), path.join(models.path, "net.h5"));
    assert.equal(place("cat.png"), path.join(data.path, "cat.png"));
  });
  it("may begin with the folder's name", () => {
    assert.equal(place("data/cat.png"), path.join(data.path, "cat.png"));
  });
  it("that are nowhere are said to be missing in the first", () => {
    assert.equal(place("dog.png"), path.join(models.path, "dog.png"));
    assert.equal(placeIn([], "dog.png"), "dog.png");
  });
});
