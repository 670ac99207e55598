import { createEngine } from "../engine/index.ts";
import { Runner, ValueCache, type OpenModel } from "../session/index.ts";
import type { Call } from "./command.ts";
import { oneOf } from "./options.ts";

const CACHE_BYTES = 2 ** 30;

/** The model on the engine of --engine; says it where `auto` had to fall back. */
export async function onEngine(model: OpenModel, { args, say }: Call): Promise<Runner> {
  const choice = oneOf(args, "engine", ["auto", "native", "wasm"]);
  const { engine, fallback } = await createEngine(choice);
  if (fallback !== null) say(fallback);
  return new Runner(model, engine, new ValueCache(CACHE_BYTES));
}
