import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Outcome } from "./hostile/child.ts";
import { HOSTILE, LARGE, LARGE_SPARSE, NO_PICTURE, SPARSE } from "./hostile/files.ts";

const child = fileURLToPath(new URL("./hostile/child.ts", import.meta.url));

describe("hostile pictures", () => {
  let outcomes: Record<string, Outcome> = {};
  const sparse = [
    ...Object.entries(SPARSE).flatMap(([kind, all]) =>
      all.map(([what, , says]) => [`${kind} of 790 MB: ${what}`, says] as const),
    ),
    [NO_PICTURE[0], NO_PICTURE[2]] as const,
  ];
  const refused = [
    ...Object.entries(HOSTILE).map(([name, [, says]]) => ({ what: name, name, says })),
    ...sparse.map(([what, says], i) => ({ what, name: `sparse ${i}`, says })),
  ];
  const large = [...Object.keys(LARGE), ...Object.keys(LARGE_SPARSE)];
  before(async function () {
    this.timeout(300_000);
    const args = [
      "--import=tsx",
      "--expose-gc",
      child,
      ...refused.map(({ name }) => name),
      ...large,
    ];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    outcomes = JSON.parse(stdout) as typeof outcomes;
  });

  for (const { what, name, says } of refused)
    it(`${what}: one sentence, 3 s of the processor, 300 MB`, () => {
      const outcome = outcomes[name];
      assert.ok(outcome);
      assert.match(outcome.message, says);
      assert.match(outcome.message, /^x\.bin .*\.$/);
      assert.equal(outcome.kind, "input");
      assert.ok(outcome.seconds < 3, `${outcome.seconds} s`);
      assert.ok(outcome.megabytes < 300, `${outcome.megabytes} MB`);
    });

  for (const name of large)
    it(`${name}: opens, in 300 MB`, () => {
      const outcome = outcomes[name];
      assert.ok(outcome);
      assert.equal(outcome.message, "it was read");
      assert.ok(outcome.megabytes < 300, `${outcome.megabytes} MB`);
    });
});
