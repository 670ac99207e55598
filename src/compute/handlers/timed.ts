import type { Handlers } from "../../rpc/index.ts";
import type { ComputeContract } from "../../shared/contract/compute.ts";
import type { Fed, OpenModels, Runner } from "../../session/index.ts";
import type { Provenance } from "../../shared/contract/lenses.ts";

/** Some of the contract's handlers. */
export type Part<K extends keyof ComputeContract> = Pick<Handlers<ComputeContract>, K>;

/** Adds who computed a result and how long it took, waiting included. */
export async function timed<T>(
  compute: () => Promise<{ engine: Provenance["engine"]; result: T }>,
): Promise<T & Provenance> {
  const started = performance.now();
  const { engine, result } = await compute();
  return { ...result, engine, seconds: (performance.now() - started) / 1000 };
}

/** What `compute` makes of a picture that is fed to a model, with the engine that ran it and how long it took. */
export const onPicture = <T>(
  models: OpenModels,
  model: string,
  image: string,
  compute: (runner: Runner, fed: Fed) => Promise<T>,
): Promise<T & Provenance> =>
  timed(async () => {
    const { runner, fed } = await models.run(model, image);
    return { engine: runner.engine.info.name, result: await compute(runner, fed) };
  });
