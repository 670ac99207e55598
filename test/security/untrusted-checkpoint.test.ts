/** A checkpoint's own program, in a workspace that is not trusted: nothing is asked for, looked for or run, whoever calls the command. */
import assert from "node:assert/strict";
import "../support/vscode-module.ts";
import type { Command } from "../../src/host/commands/ids.ts";
import type { Services } from "../../src/host/services.ts";

describe("a checkpoint in a workspace that is not trusted", () => {
  let runCheckpoint: (services: Services) => Command;
  let answers: { trusted: boolean };
  before(async () => {
    ({ answers } = await import("../support/vscode.ts"));
    ({ runCheckpoint } = await import("../../src/host/commands/checkpoint.ts"));
  });
  after(() => {
    answers.trusted = true;
  });
  const refusing = (called: string[]): Services =>
    ({
      compute: {
        remote: new Proxy({}, { get: (_, name) => () => void called.push(String(name)) }),
      },
    }) as unknown as Services;

  it("is refused before anything of it is read", async () => {
    const called: string[] = [];
    answers.trusted = false;
    const run = runCheckpoint(refusing(called));
    await assert.rejects(async () => run({ model: "/w/best.pth" }), /is not trusted/);
    assert.deepEqual(called, []);
  });
  it("of one that is, the same call begins with what the file is", async () => {
    const called: string[] = [];
    answers.trusted = true;
    const run = runCheckpoint(refusing(called));
    await assert.rejects(async () => run({ model: "/w/best.pth" }));
    assert.deepEqual(called, ["summary"]);
  });
});
