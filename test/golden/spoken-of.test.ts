/** Every command says which input and which output its answer is about. */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { COMMANDS } from "../../src/cli/commands.ts";
import type { CommandName } from "../../src/cli/command-names.ts";
import { DIGIT, DIGITS, json, WASM } from "./cli-support.ts";

describe("the JSON of a command", () => {
  let folder: string;
  before(async () => (folder = await mkdtemp(path.join(tmpdir(), "convlens-spoken-"))));
  after(() => rm(folder, { recursive: true }));

  const LAYER = ["--layer", "conv1"];
  const ONE = [...LAYER, "--filter", "0", "--steps", "1"];
  /** What each needs beside a model and its picture; null: it has no model to speak of, or speaks a protocol. */
  const COMMAND_LINES: Readonly<Record<CommandName, readonly string[] | null>> = {
    ...{ inspect: [], filters: LAYER, predict: ["image"], activations: ["image", ...LAYER] },
    ...{ maximize: ONE, cam: ["image"], attribute: ["image"], census: ["image"] },
    attack: ["image", "--method", "screen", "--top", "4"],
    ...{ profile: ["image", ...ONE], compare: ["image", "image"], doctor: ["image"] },
    ...{ report: ["image", "out"], export: null, mcp: null },
  };
  for (const command of Object.keys(COMMANDS) as CommandName[]) {
    const line = COMMAND_LINES[command];
    if (!line) continue;
    it(`${command} names its input and its output`, async () => {
      const words = line.flatMap((word) =>
        word === "image" ? ["--image", DIGIT] : word === "out" ? ["--out", folder] : word,
      );
      const engine = command === "inspect" || command === "filters" ? [] : WASM;
      const said = await json(command, DIGITS, ...words, ...engine);
      const { inputs, outputs } = await json("inspect", DIGITS);
      const [input, output] = [inputs, outputs].map(
        (list) => (list as { name: string }[])[0]?.name,
      );
      assert.ok(input !== undefined && output !== undefined);
      assert.deepEqual([said["input"], said["output"]], [input, output]);
    });
  }
});
