/** What a model, its labels and a picture are called goes into no answer in a form that a terminal, a log or an assistant would obey. */
import assert from "node:assert/strict";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { TOOLS, useTool } from "../../src/assistant/index.ts";
import { COMMANDS } from "../../src/cli/commands.ts";
import type { CommandName } from "../../src/cli/command-names.ts";
import { OpenModels } from "../../src/session/index.ts";
import { renamed } from "../support/renamed.ts";
import { convlens, DIGIT, WASM } from "./cli-support.ts";

const FORGED = "FORGED: a line by itself";
const HOSTILE = `\u202eesrever\u2066\u0007\u001b[31m\u200b\u2028\n${FORGED}`;
const LAYER = `conv ${HOSTILE}`;
/** As it is shown, and asked for. */
const SHOWN = /^conv \\u202e/;
const MOST_CHARACTERS = 30_000;

describe("texts out of a hostile model", () => {
  let folder: string, model: string, image: string, layer: string;
  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "convlens-texts-"));
    const at = (name: string): string => path.join(folder, name);
    [model, image] = [at(`m${HOSTILE}.keras`), at(`p${HOSTILE}.png`)];
    writeFileSync(model, renamed(LAYER));
    writeFileSync(
      `${model}.convlens.json`,
      JSON.stringify({ labels: [HOSTILE, "x".repeat(1e6), `${HOSTILE}2`, ""] }),
    );
    copyFileSync(DIGIT, image);
    const { out } = await convlens("inspect", model, "--json");
    const { layers } = JSON.parse(out) as { layers: { name: string }[] };
    layer = layers.map(({ name }) => name).find((name) => SHOWN.test(name)) ?? "";
    assert.notEqual(layer, "");
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  /** What each command needs beside its model; null: it speaks a protocol. */
  const COMMAND_LINES: Readonly<Record<CommandName, readonly string[] | null>> = {
    ...{ inspect: [], filters: ["layer"], predict: ["image"], activations: ["image", "layer"] },
    ...{ maximize: ["layer", "--filter", "0", "--steps", "1"], cam: ["image", "layer"] },
    ...{ attribute: ["image"], census: ["image"], compare: ["image", "image"], doctor: ["image"] },
    attack: ["image", "--method", "screen", "--top", "4"],
    profile: ["image", "layer", "--filter", "0", "--steps", "1"],
    ...{ report: ["image", "out"], export: [], mcp: null },
  };
  const line = (words: readonly string[]): string[] =>
    words.flatMap((word) => {
      if (word === "image") return ["--image", image];
      if (word === "layer") return ["--layer", layer];
      return word === "out" ? ["--out", path.join(folder, `out${HOSTILE}`)] : word;
    });

  function check(text: string, what: string): void {
    assert.doesNotMatch(text, /(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u, what);
    assert.doesNotMatch(text, /^FORGED/m);
    assert.ok(text.length < MOST_CHARACTERS, `${what}: ${text.length} characters`);
  }

  for (const command of Object.keys(COMMANDS) as CommandName[]) {
    const words = COMMAND_LINES[command];
    if (!words) continue;
    it(`are shown, and no more, by ${command}`, async () => {
      const engine = ["inspect", "filters", "export"].includes(command) ? [] : WASM;
      for (const form of [[], ["--json"]]) {
        const { code, out, err } = await convlens(
          command,
          model,
          ...line(words),
          ...engine,
          ...form,
        );
        assert.ok(code === 0 || command === "export", `${command}: ${err}`);
        check(out + err, [command, ...form].join(" "));
      }
    });
  }

  for (const { name, schema } of TOOLS)
    it(`are shown, and no more, by the assistants' ${name}`, async () => {
      const desk = new OpenModels({ most: 1, engine: "wasm" });
      const known: Readonly<Record<string, unknown>> = {
        ...{ model, image, layer, images: folder, y: 1, x: 1, filter: 0, steps: 1 },
      };
      const asked = Object.keys(schema.properties).filter((key) => Object.hasOwn(known, key));
      const args = Object.fromEntries(asked.map((key) => [key, known[key]]));
      const { signal } = new AbortController();
      const { text } = await useTool(desk, name, args, [folder], signal);
      check(text, name);
      await desk.releaseAll();
    });

  it("are one line in what is refused", async () => {
    for (const args of [
      ["predict", model, "--image", `${image}.gone`],
      ["cam", model, "--image", image, "--layer", HOSTILE],
      ["cam", `${model}.gone`, "--image", image],
      [HOSTILE],
      ["inspect", model, `--${HOSTILE}`],
    ]) {
      const { code, out, err } = await convlens(...args);
      assert.ok(code === 2 || code === 3, err);
      assert.equal(out, "");
      check(err, args.join(" "));
      assert.equal(err.trimEnd().split("\n").length, 1, err);
    }
  });
});
