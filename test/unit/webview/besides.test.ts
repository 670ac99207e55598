import assert from "node:assert/strict";
import type { Stated } from "../../../src/shared/sidecar.ts";
import { fromForm, statedText, toForm } from "../../../webview/components/besides/form.ts";

const facts = { name: "facts", cells: 3 };

describe("the form of an input beside the picture", () => {
  it("says what the sidecar says", () => {
    const each: readonly (Stated | null)[] = [
      ...[null, 0, 0.5, [1, -2, 3e-7], "facts.npy", { mean: "rows.npy" }],
    ];
    for (const stated of each) assert.deepEqual(fromForm(facts, toForm({ stated })), { stated });
  });
  it("takes one number for all, or as many as the input has", () => {
    const typed = (numbers: string): unknown =>
      fromForm(facts, { way: "numbers", numbers, file: null });
    assert.deepEqual(typed(" 2 "), { stated: 2 });
    assert.deepEqual(typed("1, 2 3"), { stated: [1, 2, 3] });
    for (const wrong of ["", "1, 2", "1, two, 3"])
      assert.match(JSON.stringify(typed(wrong)), /'facts' takes one number for all, or 3 numbers/);
  });
  it("asks for a file where one is wanted", () => {
    for (const way of ["file", "mean"] as const)
      assert.match(
        JSON.stringify(fromForm(facts, { way, numbers: "", file: null })),
        /Choose the file of 'facts'/,
      );
  });
  it("is told in a few words", () => {
    const each: readonly Stated[] = [0, [1, 2], [1, 2, 3, 4, 5], "a.npy", { mean: "a.npy" }];
    assert.deepEqual(each.map(statedText), [
      ...["0", "1, 2", "5 numbers", "a.npy", "mean of a.npy"],
    ]);
  });
});
