import assert from "node:assert/strict";
import { commands } from "vscode";
import { convlens, sample } from "./support/extension.ts";

interface Manifest {
  readonly contributes: { readonly commands: readonly { readonly command: string }[] };
}

describe("the extension", () => {
  it("is activated without an error and offers every command it contributes", async () => {
    const extension = convlens();
    await extension.activate();
    const known = new Set(await commands.getCommands(true));
    const { contributes } = extension.packageJSON as Manifest;
    assert.ok(contributes.commands.length > 5);
    assert.deepEqual(
      contributes.commands.map(({ command }) => command).filter((id) => !known.has(id)),
      [],
    );
  });

  it("reads a model in the compute process", async () => {
    const { compute } = await convlens().activate();
    const model = sample("efficientnet-lite0.h5").fsPath;
    const summary = await compute.remote.summary({ model });
    assert.equal(summary.name, "efficientnet-lite0.h5");
    assert.ok(summary.layers.some(({ name, hasKernel }) => name === "stem_conv" && hasKernel));
    assert.ok(compute.supervisor.alive);
  });

  it("knows a cat", async () => {
    const { compute } = await convlens().activate();
    const model = sample("efficientnet-lite0.h5").fsPath;
    const image = sample("chelsea.png").fsPath;
    const { classes } = await compute.remote.predict({ model, image, top: 5 });
    assert.match(classes[0]?.label ?? "", /Egyptian cat/i);
  });

  it("says which engine runs", async () => {
    const { engines } = await convlens().activate();
    const report = await engines.refresh();
    assert.equal(engines.engine?.name, report.auto);
    assert.ok(report.engines.some(({ name, ready }) => name === "wasm" && ready));
  });

  it("answers with one sentence for a file that is no model", async () => {
    const { compute } = await convlens().activate();
    const model = sample("chelsea.png").fsPath;
    await assert.rejects(compute.remote.summary({ model }), (error: Error) => {
      assert.match(error.message, /chelsea\.png/);
      assert.doesNotMatch(error.message, /\n/);
      return true;
    });
  });

  it("starts a new compute process when the old one is gone", async () => {
    const { compute } = await convlens().activate();
    const model = sample("efficientnet-lite0.h5").fsPath;
    const before = await compute.remote.summary({ model });
    compute.supervisor.restart("a test wants it");
    assert.deepEqual(await compute.remote.summary({ model }), before);
  });
});
