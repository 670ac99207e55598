import assert from "node:assert/strict";
import {
  commands,
  type Hover,
  MarkdownString,
  Position,
  window,
  workspace,
  type CodeLens,
} from "vscode";
import { until } from "../support/until.ts";
import { closeAll, convlens, sample } from "./support/extension.ts";

const script = sample("digits", "train_digits.py");
const titles = async (): Promise<string[]> => {
  const lenses = await commands.executeCommand<CodeLens[]>(
    "vscode.executeCodeLensProvider",
    script,
    100,
  );
  return lenses.map(({ command }) => command?.title ?? "");
};

describe("training code", () => {
  before(async () => {
    await convlens().activate();
    await window.showTextDocument(await workspace.openTextDocument(script));
  });
  after(closeAll);

  it("tells of each layer, and of its dead filters once they were counted", async () => {
    const { compute } = await convlens().activate();
    const first = await until("lenses", async () =>
      (await titles()).find((title) => title.startsWith("16 filters")),
    );
    assert.equal(first, "16 filters | receptive field 3 px");
    const model = sample("digits", "digits.h5").fsPath;
    await compute.remote.census({ model, paths: [sample("digits", "pictures").fsPath] });
    // the census of tests: 3 and 11 were killed on purpose, others died in training
    const counted = await until("the count", async () =>
      (await titles()).find((title) => /^16 filters \| \d+ dead/.test(title)),
    );
    assert.match(counted, /^16 filters \| [2-5] dead over N = \d+ \| receptive field 3 px$/);
  });

  it("shows a layer's filters in a hover, as a picture and in words", async () => {
    const document = await workspace.openTextDocument(script);
    const row = document
      .getText()
      .split("\n")
      .findIndex((line) => line.includes('name="conv1"'));
    const hovers = await commands.executeCommand<Hover[]>(
      "vscode.executeHoverProvider",
      script,
      new Position(row, 20),
    );
    const text = hovers
      .flatMap(({ contents }) => contents)
      .map((part) => (part instanceof MarkdownString ? part.value : ""))
      .join("\n");
    assert.match(text, /data:image\/png;base64,iVBOR/);
    assert.match(text, /16 filters; norms/);
  });
});
