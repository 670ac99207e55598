import assert from "node:assert/strict";
import { judgeQuestion } from "../../../src/session/index.ts";
import {
  attributionBy,
  gradCam,
  type AttackQuestion,
  type Question,
  WHOLE,
} from "../../../src/shared/question.ts";

describe("the numbers of a question", () => {
  const attribute = attributionBy("occlusion", "/cat.png", { top: 1 });
  const attack: AttackQuestion = {
    ...({ kind: "attack", image: "/cat.png", method: "de", pixels: 1, trueClass: null } as const),
    ...{ target: null, ...WHOLE, population: 4, generations: 1, seed: 0 },
  };
  const refused = (question: object): void => {
    assert.throws(() => {
      judgeQuestion(question as Question);
    }, /^ConvLensError: .*(whole number from|There is no method)/);
  };

  it("are those that its method takes", () => {
    for (const question of [gradCam("/cat.png", { top: 1 }), attribute, attack])
      judgeQuestion(question);
    judgeQuestion({ ...attribute, steps: 1 });
    // the exact attack has no generations: what it does not take has no effect
    judgeQuestion({ ...attack, method: "exact", generations: -1 });
    // a window of a negative side was moved over the picture for ever
    for (const steps of [0, -1, -(2 ** 31), 0.5, NaN, Infinity, 1e9, "5", undefined])
      refused({ ...attribute, steps });
    for (const name of ["pixels", "population", "generations"])
      refused({ ...attack, [name]: 2 ** 53 });
  });

  it("and its method is one of the catalogue", () => {
    for (const method of ["", "toString", "__proto__", null]) refused({ ...attribute, method });
    refused({ ...attribute, kind: "constructor" });
  });
});
