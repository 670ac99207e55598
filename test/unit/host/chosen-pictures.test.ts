import assert from "node:assert/strict";
import { ChosenPictures } from "../../../src/host/panels/chosen-pictures.ts";
import { asIntent, firstIntent, withPicture } from "../../../src/host/panels/intent.ts";
import { WorkspaceStore } from "../../../src/host/store.ts";

const none = firstIntent("/ws/a.keras");

describe("the pictures that a page may name", () => {
  it("are those that a person chose, whatever is said of others", () => {
    const pictures = new ChosenPictures(["/before.png"]);
    pictures.allow("/cat.png", null, "/folder");
    pictures.check(["/cat.png", "/before.png", "/folder", null, undefined]);
    const odd = ["/folder/in.png", "/CAT.png", "/./cat.png", "", 3, ["/cat.png"], {}, true];
    for (const other of odd)
      assert.throws(() => {
        pictures.check(["/cat.png", other]);
      }, /was not chosen to be looked at/);
  });

  it("leave a page's intent where nobody chose them, and are there once", () => {
    const pictures = new ChosenPictures();
    pictures.allowThoseOf({ ...withPicture(none, "/cat.png"), otherImage: "/dog.png" });
    const images = ["/cat.png", "/etc/passwd", "/cat.png", "/dog.png"];
    assert.deepEqual(
      pictures.permitted({ ...none, images, image: "/etc/passwd", otherImage: "/secret.png" }),
      { ...none, images: ["/cat.png", "/dog.png"] },
    );
  });

  it("are remembered over a reload by the host, not by the page", () => {
    const stored = new Map<string, unknown>();
    const store = new WorkspaceStore({
      get: (key: string) => stored.get(key) as never,
      update: (key, value) => Promise.resolve(void stored.set(key, value)),
    });
    store.keepIntent({ ...withPicture(none, "/cat.png"), otherImage: "/dog.png" });
    const pictures = new ChosenPictures(store.pictures());
    pictures.check(["/cat.png", "/dog.png"]);
  });
});

describe("the checkpoint that a page names", () => {
  it("lies beside its model, under a name of the same series", () => {
    const of = (model: string, checkpoint: unknown): string | null | undefined =>
      asIntent({ model, checkpoint })?.checkpoint;
    assert.equal(of("/ws/epoch_01.keras", "/ws/epoch_02.keras"), "/ws/epoch_02.keras");
    for (const other of ["/etc/epoch_02.keras", "/ws/other.keras", "/ws/x/../epoch_2.h5", 3, ""])
      assert.equal(of("/ws/epoch_01.keras", other), null);
  });
});
