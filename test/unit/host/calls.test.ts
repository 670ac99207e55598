import assert from "node:assert/strict";
import { checkPicture, computeCalls } from "../../../src/host/panels/calls.ts";
import { ChosenPictures } from "../../../src/host/panels/chosen-pictures.ts";
import { ConvLensError } from "../../../src/base/errors.ts";
import { gradCam } from "../../../src/shared/question.ts";

function world(trusted: boolean) {
  const asked: unknown[] = [];
  const remote = new Proxy({} as Parameters<typeof computeCalls>[0], {
    get: (_target, method) => (params: unknown, options: { signal?: AbortSignal }) => {
      asked.push([method, params, options.signal]);
      return Promise.resolve("answer");
    },
  });
  const calls = computeCalls(
    remote,
    () => Promise.resolve("/own.h5"),
    () => trusted,
    (paths) => {
      new ChosenPictures(["/cat.png", "/pictures"]).check(paths);
    },
    () => Promise.resolve("/chosen.h5"),
  );
  const context = { signal: new AbortController().signal, progress: () => undefined };
  return { asked, calls, context };
}

describe("what a panel may ask", () => {
  it("is asked for the panel's own model, whatever the page says, and can be cancelled", async () => {
    const { asked, calls, context } = world(true);
    const params = { image: "/cat.png", top: 5, model: "/other.h5" };
    assert.equal(await calls.predict(params, context), "answer");
    assert.deepEqual(asked, [
      ["predict", { image: "/cat.png", top: 5, model: "/own.h5" }, context.signal],
    ]);
  });

  it("is compared with the model that a person chose, whatever the page says", async () => {
    const { asked, calls, context } = world(true);
    const params = { other: "/etc/secret.h5", model: "/other.h5" };
    assert.equal(await calls.compare(params, context), "answer");
    assert.deepEqual(asked, [
      ["compare", { model: "/own.h5", other: "/chosen.h5" }, context.signal],
    ]);
  });

  it("is of pictures that a person chose: others, and what is no path, never leave the host", async () => {
    const { asked, calls, context } = world(true);
    const secret = "/home/me/secret.png";
    const cat = "/cat.png";
    const ofSecret = { question: { ...gradCam(secret, { top: 1 }) } };
    const untyped: Readonly<Record<string, readonly unknown[]>> = {
      image: [{ path: secret }, { path: [cat] }, { path: Buffer.from(cat) }],
      predict: [{ image: secret }, { image: [cat] }, { image: { toString: cat } }, null, 3, "x"],
      activations: [{ image: `${cat}/../../etc/passwd` }, { image: new Uint8Array([47]) }],
      cam: [ofSecret, { question: null }, { question: "x" }, {}],
      attribute: [ofSecret],
      sanity: [ofSecret],
      attack: [ofSecret, { image: cat }],
      maximize: [
        { question: { images: [cat, secret] } },
        { question: { images: secret } },
        { question: { images: { 0: secret } } },
        { images: [cat] },
      ],
      // a text is a list of its characters, and the first is the whole disk
      census: [{ paths: [secret] }, { paths: cat }, { paths: ["/pictures", "/"] }, {}],
      compareMaps: [
        { image: cat, otherImage: secret },
        { image: secret, otherImage: cat },
      ],
      compareNumbers: [{ pictures: [cat, secret] }, { pictures: secret }, { pictures: {} }],
      compareCam: [
        { ...ofSecret, otherImage: cat },
        { question: { image: cat }, otherImage: 3 },
      ],
    };
    const all = calls as unknown as Record<string, (params: unknown, of: unknown) => unknown>;
    for (const [name, tries] of Object.entries(untyped))
      for (const params of tries)
        await assert.rejects(
          Promise.resolve().then(() => all[name]?.(params, context)),
          (error) => error instanceof ConvLensError && error.kind === "usage",
          `${name} ${JSON.stringify(params)}`,
        );
    assert.deepEqual(asked, []);
    // what the contract does not have goes nowhere, whatever it is called
    const more = { layer: "a", filter: 1, image: secret, paths: ["/"], other: secret };
    await calls.filterValues(more, context);
    const own = { layer: "a", filter: 1, model: "/own.h5" };
    assert.deepEqual(asked.slice(-1), [["filterValues", own, context.signal]]);
    await calls.census({ paths: ["/pictures"] }, context);
    await calls.image({ path: cat }, context);
    assert.equal(asked.length, 3);
  });

  it("is static in a workspace that is not trusted, and says how to trust it", async () => {
    const { asked, calls, context } = world(false);
    await calls.summary({}, context);
    const filters = { layer: "a", scale: "filter", view: "colour", first: 0, count: 1 } as const;
    await calls.filters(filters, context);
    assert.equal(asked.length, 2);
    const refused = (error: unknown): boolean =>
      error instanceof ConvLensError && /Manage Workspace Trust/.test(error.message);
    const image = "/cat.png";
    const cam = { question: gradCam(image, { top: 1 }), trust: false };
    const tries = {
      predict: () => calls.predict({ image, top: 5 }, context),
      overview: () => calls.overview({ image, perLayer: 4 }, context),
      cam: () => calls.cam(cam, context),
      activations: () =>
        calls.activations(
          { image, layer: "a", scale: "map", preActivation: false, first: 0, count: 1 },
          context,
        ),
    };
    for (const attempt of Object.values(tries))
      await assert.rejects(Promise.resolve().then<unknown>(attempt), refused);
    assert.equal(asked.length, 2);
  });

  it("refuses an empty or enormous picture", () => {
    assert.throws(() => {
      checkPicture(new Uint8Array(0));
    }, /empty/);
    assert.throws(() => {
      checkPicture(new Uint8Array(65 * 1024 * 1024));
    }, /64 MB/);
    checkPicture(new Uint8Array(10));
  });
});
