import assert from "node:assert/strict";
import { firstIntent } from "../../../src/host/panels/intent.ts";
import type { Intent } from "../../../src/shared/contract/intent.ts";
import { Choices } from "../../../webview/panels/inspector/choices.ts";

const first: Intent = { ...firstIntent("/m.h5"), lens: "training" };

/** A page and its host, which answers when it is told to. */
function together(): {
  readonly choices: Choices;
  readonly now: () => Intent;
  readonly told: Partial<Intent>[];
  readonly answers: (() => void)[];
  /** For each change, whether all is asked anew. */
  readonly changes: boolean[];
} {
  const told: Partial<Intent>[] = [];
  const answers: (() => void)[] = [];
  const changes: boolean[] = [];
  const setIntent = ({ patch }: { patch: Partial<Intent> }): Promise<void> => {
    told.push(patch);
    return new Promise((resolve) => answers.push(resolve));
  };
  const choices = new Choices(
    { remember: () => undefined, setIntent },
    (isOtherState) => changes.push(isOtherState),
    assert.ifError,
  );
  choices.hear(first, 0);
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
    choices.hear({ ...first, layer: "conv1" }, 0);
    assert.deepEqual([now().lens, now().layer], ["cam", "conv1"]);
    void choices.tell();
    choices.hear({ ...first, lens: "attack", layer: "conv2" }, 0); // said before it heard
    assert.deepEqual([now().lens, now().layer], ["cam", "conv2"]);
    choices.hear({ ...first, lens: "attack" }, 1);
    assert.equal(now().lens, "attack");
  });

  it("is asked anew where the host goes to another checkpoint", () => {
    const { choices, changes } = together();
    choices.hear({ ...first, checkpoint: "/epoch_13.h5" }, 0);
    assert.deepEqual(changes, [false, true]);
  });

  it("tells what was chosen, and nothing that the host may have changed meanwhile", () => {
    const { choices, told } = together();
    choices.change({ lens: "cam" });
    void choices.tell();
    choices.change({ filter: 3 });
    void choices.tell();
    assert.deepEqual(told, [{ lens: "cam" }, { filter: 3 }]);
  });

  it("stays where the host went after it had heard of a checkpoint", async () => {
    const { choices, now, answers } = together();
    choices.change({ checkpoint: "/epoch_5.h5" });
    choices.hear({ ...first, checkpoint: "/epoch_9.h5" }, 1);
    answers[0]?.();
    await settled();
    assert.equal(now().checkpoint, "/epoch_9.h5");
  });

  it("tells again what could not be told, and that a checkpoint was not reached", async () => {
    const told: Partial<Intent>[] = [];
    const setIntent = ({ patch }: { patch: Partial<Intent> }): Promise<void> => {
      told.push(patch);
      return told.length === 1 ? Promise.reject(new Error("broken")) : Promise.resolve();
    };
    const failures: unknown[] = [];
    const host = { remember: () => undefined, setIntent };
    const choices = new Choices(
      host,
      () => undefined,
      (error) => failures.push(error),
    );
    choices.hear(first, 0);
    choices.change({ checkpoint: "/epoch_5.h5", follow: true });
    await settled();
    assert.deepEqual(told, [
      { checkpoint: "/epoch_5.h5", follow: true },
      { checkpoint: null, follow: true },
    ]);
    assert.equal(failures.length, 1);
    assert.equal(choices.current?.checkpoint, null);
  });
});
