import assert from "node:assert/strict";
import { firstIntent } from "../../../src/host/panels/intent.ts";
import type { Intent } from "../../../src/shared/contract/intent.ts";
import { Choices } from "../../../webview/panels/inspector/choices.ts";

const first: Intent = { ...firstIntent("/m.h5"), lens: "training" };

/** A page and its host, which answers when it is told to. */
function together(): {
  readonly choices: Choices;
  readonly now: () => Intent;
  readonly told: Intent[];
  readonly answers: (() => void)[];
  /** For each change, whether all is asked anew. */
  readonly changes: boolean[];
} {
  const told: Intent[] = [];
  const answers: (() => void)[] = [];
  const changes: boolean[] = [];
  const setIntent = (intent: Intent): Promise<void> => {
    told.push(intent);
    return new Promise((resolve) => answers.push(resolve));
  };
  const choices = new Choices(
    { remember: () => undefined, remote: { setIntent } },
    (isOtherState) => changes.push(isOtherState),
    assert.ifError,
  );
  choices.hear(first);
  return { choices, now: () => choices.current ?? first, told, answers, changes };
}
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("what a page looks at", () => {
  it("goes to a checkpoint once the host knows of it", async () => {
    const { choices, now, told, answers, changes } = together();
    choices.change({ checkpoint: "/epoch_0.h5" });
    assert.equal(told.at(-1)?.checkpoint, "/epoch_0.h5");
    assert.equal(now().checkpoint, null);
    answers[0]?.();
    await settled();
    assert.equal(now().checkpoint, "/epoch_0.h5");
    assert.deepEqual(changes, [false, true]);
  });

  it("keeps what was chosen while the host was told of a checkpoint", async () => {
    const { choices, now, told, answers } = together();
    choices.change({ checkpoint: "/epoch_0.h5" });
    choices.change({ lens: "filters" });
    assert.equal(now().lens, "filters");
    void choices.tell();
    assert.deepEqual([told[1]?.lens, told[1]?.checkpoint], ["filters", "/epoch_0.h5"]);
    answers[0]?.();
    await settled();
    const { lens, checkpoint } = now();
    assert.deepEqual([lens, checkpoint], ["filters", "/epoch_0.h5"]);
  });

  it("ends at the checkpoint that was chosen last, whichever answer comes first", async () => {
    const { choices, now, answers } = together();
    choices.change({ checkpoint: "/epoch_5.h5" });
    choices.change({ checkpoint: "/epoch_0.h5" });
    answers[1]?.();
    await settled();
    answers[0]?.();
    await settled();
    assert.equal(now().checkpoint, "/epoch_0.h5");
  });

  it("stays where it was when that is chosen again on the way", async () => {
    const { choices, now, told, answers } = together();
    choices.change({ checkpoint: "/epoch_5.h5", follow: true });
    assert.equal(now().follow, true);
    choices.change({ checkpoint: null });
    assert.equal(told.at(-1)?.checkpoint, null);
    for (const answer of answers) answer();
    await settled();
    assert.deepEqual([now().checkpoint, now().follow], [null, true]);
  });

  it("keeps what the host has not heard of when that says something else", () => {
    const { choices, now } = together();
    choices.change({ lens: "cam" });
    choices.hear({ ...first, layer: "conv1" });
    assert.deepEqual([now().lens, now().layer], ["cam", "conv1"]);
    void choices.tell();
    choices.hear({ ...first, lens: "attack" });
    assert.equal(now().lens, "attack");
  });

  it("is asked anew where the host goes to another checkpoint", () => {
    const { choices, changes } = together();
    choices.hear({ ...first, checkpoint: "/epoch_13.h5" });
    assert.deepEqual(changes, [false, true]);
  });
});
