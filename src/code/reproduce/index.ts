/** A short script that reproduces what a panel shows: the command line always, Python where a few lines can say it. */
import type { ReproducedCode, Shown } from "../../shared/contract/code.ts";
import type { ModelSummary } from "../../shared/contract/model.ts";
import { commandLine } from "./command.ts";
import { carefulWith } from "./careful.ts";
import { kerasCode } from "./keras.ts";
import { onnxCode, savedModelCode, tfliteCode, weightsCode } from "./others.ts";
import { torchCode } from "./torch.ts";
import { libraryOf, type Facts } from "./types.ts";

/** The script, and whether it is Python: else it is the command line alone, as a comment. */
export function reproduce(summary: ModelSummary, shown: Shown): ReproducedCode {
  const facts: Facts = { summary, shown };
  const command = commandLine(facts);
  const python = pythonOf(facts);
  const said =
    python ?? comment(`Of this file the command line alone shows the same (${summary.format}).`);
  const files = python === null && needsDirection(shown) ? comment(DIRECTION) : "";
  const careful = python === null ? [] : carefulWith(summary);
  const first = `${comment(command)}${files}${careful.map(comment).join("")}`;
  const runs = python === null ? [] : summary.pythonCode;
  return { command, python: python !== null, text: `${first}\n${said}`, runs };
}

const DIRECTION = "direction.npy is the file that was chosen in the panel: one number per channel.";
const needsDirection = (shown: Shown): boolean =>
  shown.kind === "maximize" && shown.options?.direction !== undefined;

/** A line of its own whatever is in it: names come from files of others, and what follows a line break would be code. */
const comment = (text: string): string => `# ${text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, " ")}\n`;

function pythonOf(facts: Facts): string | null {
  // two models, searches and networks of several inputs are more than a few lines
  if (facts.shown.kind === "compare" || facts.shown.kind === "attack") return null;
  if (facts.summary.inputs.length > 1) return null;
  switch (libraryOf(facts.summary)) {
    case "keras 2":
      return kerasCode(facts, 2);
    case "keras 3":
      return kerasCode(facts, 3);
    case "torch.export":
      return torchCode(facts);
    case "onnx":
      return onnxCode(facts);
    case "tflite":
      return tfliteCode(facts);
    case "saved model":
      return savedModelCode(facts);
    case "state dict":
      return weightsCode(facts, "state dict");
    case "safetensors":
      return weightsCode(facts, "safetensors");
    case null:
      return null;
  }
}
