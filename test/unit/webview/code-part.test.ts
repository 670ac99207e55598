import assert from "node:assert/strict";
import { CodePart } from "../../../webview/common/state/code-part.ts";

const host = {
  addController: () => undefined,
  removeController: () => undefined,
  requestUpdate: () => undefined,
  updateComplete: Promise.resolve(true),
};
const tick = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

describe("a part of a page's code", () => {
  it("that cannot be loaded begins a new page by itself, and says nothing", async () => {
    const part = new CodePart(host, () => Promise.resolve(true));
    const gone = new TypeError("Failed to fetch dynamically imported module: https://x/cam.js");
    part.want("cam", () => Promise.reject(gone));
    await tick();
    assert.deepEqual([part.busy, part.error], [true, null]);
  });

  it("that fails by itself is said at once: another page would not help", async () => {
    const part = new CodePart(host, () => assert.fail("a new page"));
    part.want("cam", () => Promise.reject(new RangeError("Invalid language tag")));
    await tick();
    assert.match(part.error?.message ?? "", /could not be loaded/);
  });

  it("is imported once, and what cannot be loaded is said and tried again in a new page", async () => {
    let [imports, pages] = [0, 0];
    const part = new CodePart(host, (byItself) => {
      if (!byItself) pages++;
      return Promise.resolve(!byItself);
    });
    const want = (name: string, fails: boolean): void => {
      part.want(name, () => {
        imports++;
        return fails ? Promise.reject(new TypeError("Failed to fetch")) : Promise.resolve({});
      });
    };
    want("cam", false);
    want("cam", false);
    await tick();
    assert.deepEqual([imports, part.busy, part.error], [1, false, null]);
    part.retry();
    assert.equal(pages, 0);

    want("attack", true);
    await tick();
    assert.match(part.error?.message ?? "", /could not be loaded. 'Retry'/);
    part.retry();
    // the browser would not ask for it again
    assert.deepEqual([imports, pages], [2, 1]);

    want("cam", false);
    await tick();
    assert.equal(part.error, null);
  });
});
