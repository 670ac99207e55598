/** The tools that package.json contributes, and what VS Code says while each runs. A test compares both lists. */
import { t } from "../../shared/l10n.ts";
/** By the tool's name: the message for the file name of the model it was called with. */
export const TOOL_MESSAGES = {
  convlens_inspect: (model: string) => t("Reading the layers of {0}", model),
  convlens_predict: (model: string) => t("Running {0}", model),
  convlens_grad_cam: (model: string) => t("Looking for what speaks for a class in {0}", model),
  convlens_attack: (model: string) => t("Looking for pixels that change what {0} says", model),
  convlens_maximize: (model: string) => t("Making a picture that excites {0}", model),
  convlens_dead_filters: (model: string) => t("Counting dead filters of {0}", model),
  convlens_receptive_field: (model: string) => t("Finding what a layer sees in {0}", model),
} as const;
