import assert from "node:assert/strict";
import { readFile, realpath } from "node:fs/promises";
import { join } from "node:path";
import { ConvLensError } from "../../../src/base/errors.ts";
import { verifyNative } from "../../../src/native/index.ts";
import { RouteError } from "../../../src/native/reasons.ts";
import { fakeRoute, Sandbox } from "./sandbox.ts";

const refuse = (reason: string) => () => Promise.reject(new RouteError(reason));

describe("native: install", () => {
  let sandbox: Sandbox;
  beforeEach(async () => {
    sandbox = await Sandbox.make();
  });
  afterEach(() => sandbox.remove());

  it("takes the first route that works, and says why an earlier one did not", async () => {
    const routes = [
      fakeRoute("one", refuse("it was refused")),
      fakeRoute("two"),
      fakeRoute("three"),
    ];
    const installed = await sandbox.install({ routes });
    assert.equal(await readFile(join(installed.location, "tfjs_binding.node"), "utf8"), "two");
    assert.equal(
      await realpath(join(sandbox.native, "current")),
      await realpath(installed.location),
    );
    assert.ok(sandbox.messages.includes("one does not work here: it was refused"));
    assert.deepEqual(await verifyNative({ env: sandbox.env }), []);
  });

  it("names every route and its reason when none works, and leaves nothing behind", async () => {
    const routes = [fakeRoute("one", refuse("refused")), fakeRoute("two", refuse("no compiler"))];
    await assert.rejects(sandbox.install({ routes }), (error) => {
      assert.ok(error instanceof ConvLensError);
      assert.equal(error.kind, "compute");
      assert.match(error.message, /one: refused; two: no compiler.*WebAssembly/u);
      return true;
    });
    assert.deepEqual(await sandbox.names(), []);
  });

  it("without Python, pip and curl, says so of each", async () => {
    await assert.rejects(
      installWithRealRoutes(),
      /Python.*(not on PATH|not used).*; .*(pip is not on PATH|no suitable package).*; .*(curl is not on PATH|did not come along|no library for).*/u,
    );
  });
  const installWithRealRoutes = (): Promise<unknown> => sandbox.install({});

  it("keeps the engine that is there when a repair fails", async () => {
    const first = await sandbox.install({ routes: [fakeRoute("one")] });
    await assert.rejects(sandbox.install({ routes: [fakeRoute("two", refuse("refused"))] }));
    assert.equal(await realpath(join(sandbox.native, "current")), await realpath(first.location));
    assert.deepEqual(await verifyNative({ env: sandbox.env }), []);
  });

  it("replaces the engine in one step and removes the earlier one", async () => {
    await sandbox.install({ routes: [fakeRoute("one")] });
    const second = await sandbox.install({ routes: [fakeRoute("two")] });
    const names = await sandbox.names();
    assert.equal(names.length, 2);
    assert.ok(names.includes("current"));
    assert.equal(await readFile(join(second.location, "tfjs_binding.node"), "utf8"), "two");
  });

  it("stops at a cancel, and leaves what was there", async () => {
    const first = await sandbox.install({ routes: [fakeRoute("one")] });
    const controller = new AbortController();
    const cancelling = fakeRoute("two", () => {
      controller.abort();
      return Promise.resolve();
    });
    await assert.rejects(
      sandbox.install({ routes: [cancelling, fakeRoute("three")] }, controller.signal),
      (error) => error instanceof ConvLensError && error.kind === "cancelled",
    );
    assert.ok(!sandbox.messages.some((message) => message.includes("three")));
    const names = await sandbox.names();
    assert.equal(names.filter((name) => name.startsWith(".new")).length, 0);
    assert.equal(await realpath(join(sandbox.native, "current")), await realpath(first.location));
  });

  it("finds a changed and a missing file", async () => {
    const { location } = await sandbox.install({ routes: [fakeRoute("one")] });
    await sandbox.file(join(location.slice(sandbox.root.length), "tfjs_binding.node"), "changed");
    const problems = await verifyNative({ env: sandbox.env });
    assert.equal(problems.length, 1);
    assert.match(problems[0] ?? "", /tfjs_binding\.node was changed/u);
    assert.deepEqual(await verifyNative({ env: { CONVLENS_CACHE: "/nowhere" } }), [
      "The native engine is not installed.",
    ]);
  });
});
