import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { table, type Network } from "../../scripts/networks/table.ts";

describe("the README's networks from a file of PyTorch alone", () => {
  const text = (name: string): string =>
    readFileSync(path.join(import.meta.dirname, "..", "..", name), "utf8");
  const { networks } = JSON.parse(text("scripts/networks/measured.json")) as {
    readonly networks: readonly Network[];
  };

  it("are what was measured: node scripts/networks.mjs writes them", () => {
    assert.equal(table(text("README.md"), networks), text("README.md"));
  });
  it("give PyTorch's numbers, all of their layers", () => {
    for (const { kind, name, opens, logits } of networks)
      assert.ok(opens && logits !== null && logits < 1e-4, `${kind} ${name}`);
  });
});
