/** What is differentiated, for the libraries that do. */
import type { ModelSummary } from "../../shared/contract/model.ts";
import type { CamQuestion, Targets } from "../../shared/question.ts";
import { isOfPicture, targetCode, type Dialect } from "./target.ts";

/** `score` of the `scores` that `network` gives, after `setup`. */
export interface Scored {
  readonly setup: string;
  /** A function of the input, or what its values are called: as the library has it. */
  readonly network: string;
  readonly score: string;
  /** What is printed of it. */
  readonly said: string;
}

/** How a library asks. */
export interface Asking {
  readonly dialect: Dialect;
  /** A class of the picture as a whole. */
  readonly ofPicture: (targets: Targets) => Scored;
  /** Defines `say(x)`: the network's own values (`raw`), or what they are before the last activation; null: these cannot be had. */
  readonly say: (raw: boolean) => Pick<Scored, "setup" | "network"> | null;
}

/** Null: it cannot be said in a few lines. */
export function scoredBy(
  { outputs }: ModelSummary,
  question: Pick<CamQuestion, "output" | "where" | "targets" | "image">,
  { dialect, ofPicture, say }: Asking,
): Scored | null {
  if (isOfPicture(question, outputs)) return ofPicture(question.targets);
  const code = targetCode(question, outputs, dialect);
  const said = code && say(code.raw);
  if (!said) return null;
  const { network, setup } = said;
  return { network, setup: `${setup}${code.lines}`, score: "target(scores)", said: "" };
}
