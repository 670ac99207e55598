import type { ModelSummary } from "../../shared/contract/model.ts";
import { libraryOf } from "./types.ts";

const MOST_NAMED = 5;

/** What a script does with a file of somebody else's that convlens does not, in lines: run what is in it. None where it does not either. */
export function carefulWith(summary: ModelSummary): readonly string[] {
  const why = whatRuns(summary);
  if (why === null) return [];
  return [
    `CAREFUL: ${why}.`,
    "Go on only if you trust whoever made it; the command above runs none of that.",
  ];
}

function whatRuns(summary: ModelSummary): string | null {
  const { pythonCode: names } = summary;
  switch (libraryOf(summary)) {
    case "keras 2":
    case "keras 3": {
      if (names.length === 0) return null;
      const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : "";
      const named = names
        .slice(0, MOST_NAMED)
        .map((name) => `'${name}'`)
        .join(", ");
      return `load_model can run Python code that this file holds or names (${named}${more}), with your rights: old versions unasked, others with safe_mode=False`;
    }
    case "torch.export":
      return "torch.export.load unpickles parts of this file, which can run code with your rights";
    case "saved model":
      return "a SavedModel is a program: TensorFlow runs its operations, which can read and write your files";
    case "state dict":
      return "this file is a pickle: torch.load with weights_only=False, or before PyTorch 2.6 without weights_only=True, runs what is in it with your rights";
    case "safetensors":
    case "onnx":
    case "tflite":
    case null:
      return null;
  }
}
