import { createEngine } from "../../engine/index.ts";
import { memoryShares, Runner, ValueCache, type OpenModel } from "../../session/index.ts";
import type { EngineChoice } from "../../shared/engines.ts";
import type { Call } from "../command.ts";
import { oneOf } from "../arguments/values.ts";

/** What --engine says. Throws a usage error. */
export const engineChoice = (args: Call["args"]): EngineChoice =>
  oneOf(args, "engine", ["auto", "native", "wasm"]);

/** The model on the engine of --engine; says it where `auto` had to fall back. */
export async function onEngine(model: OpenModel, { args, note }: Call): Promise<Runner> {
  const { engine, fallback } = await createEngine(engineChoice(args));
  if (fallback !== null) note(fallback);
  const { run, kept } = memoryShares();
  // who says how many pictures run at a time is believed
  if (args.values.batch === undefined) engine.runBytes = run;
  return new Runner(model, engine, new ValueCache(kept));
}
