import assert from "node:assert/strict";
import { pickClasses } from "../../../src/session/index.ts";
import { COMMANDS } from "../../../src/cli/commands.ts";
import type { CommandName } from "../../../src/cli/command-names.ts";
import { OPTIONS, type OptionHelp, type OptionName } from "../../../src/cli/arguments/options.ts";
import { parseArguments } from "../../../src/cli/arguments/parse.ts";
import { refuseUnused } from "../../../src/cli/arguments/used.ts";
import { oneOf, wholeNumber } from "../../../src/cli/arguments/values.ts";
import { grouped, shapeText, table } from "../../../src/cli/output/table.ts";

const usage = (message: RegExp): { kind: string; message: RegExp } => ({ kind: "usage", message });

describe("parseArguments", () => {
  it("keeps pictures and arrays in the order they were given", () => {
    const args = "cam m.h5 --image a.png --layer conv1,conv2 --input x=b.npy --image=c.png --json";
    const parsed = parseArguments(args.split(" "));
    assert.deepEqual(parsed.positionals, ["cam", "m.h5"]);
    assert.deepEqual(parsed.sources, [
      { kind: "image", text: "a.png" },
      { kind: "input", text: "x=b.npy" },
      { kind: "image", text: "c.png" },
    ]);
    assert.equal(parsed.values.layer, "conv1,conv2");
    assert.equal(parsed.values.json, "");
    assert.equal(parseArguments(["-h"]).values.help, "");
  });

  it("names the nearest option", () => {
    assert.throws(() => parseArguments(["cam", "--imgae", "a.png"]), usage(/--imgae.*--image/));
    assert.throws(() => parseArguments(["cam", "-x"]), usage(/no option -x/));
  });

  it("refuses missing and needless values", () => {
    assert.throws(() => parseArguments(["cam", "--image"]), usage(/--image needs a value/));
    assert.throws(() => parseArguments(["--image", "--json"]), usage(/--image needs a value/));
    assert.throws(() => parseArguments(["--json=yes"]), usage(/--json takes no value/));
  });

  it("refuses what the command makes no use of, and takes what all take", () => {
    const refuse = (command: Parameters<typeof refuseUnused>[1], ...args: string[]): void => {
      refuseUnused(parseArguments(args), command);
    };
    assert.throws(
      () => {
        refuse("inspect", "--minus", "3");
      },
      usage(/inspect makes no use of --minus, which is for cam/),
    );
    assert.throws(
      () => {
        refuse("cam", "--steps", "3");
      },
      usage(/cam makes no use of --steps, which is for attribute, attack, maximize, profile/),
    );
    refuse("inspect", "--json", "--out", "x", "--labels", "l.txt");
    assert.throws(
      () => {
        refuse("inspect", "--engine", "wasm");
      },
      usage(/inspect makes use of --engine only with --check-with/),
    );
    refuse("attack", "--population", "10", "--target", "3", "--image", "a.png");
  });

  it("says of each option and each command whether it is used: what is not is refused by name", () => {
    for (const [name, option] of Object.entries(OPTIONS) as [OptionName, OptionHelp][])
      for (const command of Object.keys(COMMANDS) as CommandName[]) {
        const words = option.value === null ? [`--${name}`] : [`--${name}`, "x"];
        const ask = (...more: string[]): void => {
          refuseUnused(parseArguments([command, ...words, ...more]), command);
        };
        if (!option.of.includes(command))
          assert.throws(ask, usage(new RegExp(`${command} makes no use of --${name}\\b`)));
        else if (option.beside?.[command]?.some((one) => one !== name))
          assert.throws(ask, usage(new RegExp(`use of --${name} only with (--|a model)`)));
        else ask();
      }
  });

  it("general options are used where the command runs a network, shows its shapes or writes an answer", () => {
    // by hand, so that a line of the catalogue that is lost is missed: c only with --check-with, m with a model, p with a picture
    const general = ["preprocess", "size", "labels", "engine", "batch", "out", "json"] as const;
    const table: Readonly<Record<CommandName, string>> = {
      inspect: "yyyc-yy",
      predict: "yyyyyyy",
      filters: "cc-c-yy",
      activations: "yy-yyyy",
      maximize: "yyyyyyy",
      cam: "yyyyyyy",
      attribute: "yyyyyyy",
      attack: "yyyyyyy",
      census: "yy-yyyy",
      profile: "yyyyyyy",
      compare: "yyyp-yy",
      report: "yyyp-yy",
      export: "-----yy",
      mcp: "---y---",
      doctor: "mmmm-yy",
    };
    const beside: Readonly<Record<string, readonly string[]>> = {
      ...{ y: [], c: ["m.pt", "--check-with", "x"], m: ["m.h5"], p: ["m.h5", "--image", "a.png"] },
    };
    for (const [command, row] of Object.entries(table) as [CommandName, string][])
      for (const [i, name] of general.entries()) {
        const words = name === "json" ? ["--json"] : [`--${name}`, "x"];
        const ask = (more: readonly string[]): void => {
          refuseUnused(parseArguments([command, ...more, ...words]), command);
        };
        const needs = beside[row.charAt(i)];
        if (needs) ask(needs);
        if (!needs || needs.length > 0) {
          assert.throws(
            () => {
              ask([]);
            },
            usage(new RegExp(`${command} makes (no )?use of --${name}\\b`)),
          );
        }
      }
  });

  it("checks numbers and choices", () => {
    const parsed = parseArguments([
      "--batch",
      "4",
      "--seed",
      "-1",
      "--engine",
      "gpu",
      "--top",
      "x",
    ]);
    assert.equal(wholeNumber(parsed, "batch", { fallback: 16, least: 1 }), 4);
    assert.equal(wholeNumber(parsed, "steps", { fallback: 16 }), 16);
    assert.throws(() => wholeNumber(parsed, "seed", { fallback: 0 }), usage(/--seed -1/));
    assert.throws(() => wholeNumber(parsed, "top", { fallback: 0 }), usage(/--top x/));
    assert.equal(oneOf(parsed, "score", ["logit", "probability"]), "logit");
    assert.throws(() => oneOf(parsed, "engine", ["auto", "wasm"]), usage(/gpu.*auto, wasm/));
  });
});

describe("pickClasses", () => {
  const labels = ["cat", "dog, hound", "crane", "crane"];
  const classes = labels.map((label, index) => ({
    ...{ index, label, probability: null },
    logit: [1, 5, 2, -1][index] ?? 0,
  }));
  const picked = (text: string): number[] => pickClasses(text, classes).map(({ index }) => index);

  it("takes top, numbers and labels", () => {
    assert.deepEqual(picked("top"), [1]);
    assert.deepEqual(picked("0,top,3"), [0, 1, 3]);
    assert.deepEqual(picked("Cat"), [0]);
    assert.deepEqual(picked("dog, hound"), [1]);
  });

  it("says what is wrong", () => {
    assert.throws(() => picked("4"), usage(/outside 0\.\.3/));
    assert.throws(() => picked("cta"), usage(/nearest labels are cat/));
    assert.throws(() => picked("crane"), usage(/2 or 3/));
    const unnamed = classes.map((score) => ({ ...score, label: null }));
    assert.throws(() => pickClasses("cat", unnamed), usage(/--labels FILE/));
  });
});

describe("table", () => {
  it("aligns text to the left and numbers to the right", () => {
    const rows = [
      ["conv1", grouped(1234)],
      ["predictions", "5"],
    ];
    assert.equal(
      table(["layer", "n"], rows),
      "layer            n\nconv1        1,234\npredictions      5",
    );
    assert.equal(shapeText([null, 3, 3]), "N x 3 x 3");
  });
});
