import type { OpenModel } from "../session/open/model.ts";
import type { EngineInfo } from "../shared/engines.ts";
import type { Artifacts } from "./output/artifacts.ts";
import type { Arguments } from "./arguments/parse.ts";

/** One call of a command. */
export interface Call {
  readonly args: Arguments;
  readonly artifacts: Artifacts;
  readonly signal: AbortSignal;
  /** Models that the command opened, in that order; what becomes of their files meanwhile is looked after for it. */
  readonly models: OpenModel[];
  /** One line for the person who waits, to standard error. */
  readonly say: (message: string) => void;
  /** One line that goes with a result: said before the next that is said, or with the answer; a refusal stands alone. */
  readonly note: (message: string) => void;
}

/** What a command found, for machines and for people. */
export interface Result {
  /** null where no engine ran: the numbers come straight from the file. */
  readonly engine: EngineInfo | null;
  readonly document: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** What stands behind a name of the command line. */
export interface Command {
  /** Whether it cannot do without a model. */
  readonly needsModel: boolean;
  /** Whether standard output belongs to a protocol, so that nothing else may be written there. */
  readonly speaksProtocol?: true;
  /** Whether files may follow the model. */
  readonly takesFiles?: true;
  /** `model` is "" where none was given. Throws a ConvLensError. */
  run(model: string, call: Call): Promise<Result>;
}
