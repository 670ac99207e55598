import { differentiateGuided } from "../engine/guided.ts";
import { createEngine, differentiate } from "../engine/index.ts";
import { Runner, ValueCache, type OpenModel } from "../session/index.ts";
import type { Subject } from "../methods/types.ts";
import type { Call } from "./command.ts";
import { oneOf } from "./options.ts";

const CACHE_BYTES = 2 ** 30;

export interface Running {
  readonly runner: Runner;
  readonly subject: Subject;
}

/** The model on the engine of --engine; says it where `auto` had to fall back. */
export async function onEngine(model: OpenModel, { args, say }: Call): Promise<Running> {
  const choice = oneOf(args, "engine", ["auto", "native", "wasm"]);
  const { engine, fallback } = await createEngine(choice);
  if (fallback !== null) say(fallback);
  const runner = new Runner(model, engine, new ValueCache(CACHE_BYTES));
  return { runner, subject: { graph: model.graph, engine, differentiate, differentiateGuided } };
}
