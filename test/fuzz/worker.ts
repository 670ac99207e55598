/** worker.ts TARGET SEED FROM TO WORK: makes attempts and tells its parent what came of each, and before the next which one it is. */
import { attempt } from "./attempt.ts";
import { roundsOf } from "./rpc/rounds.ts";
import { seedsOf, targets } from "./targets.ts";

const [, , name, seed = "1", from = "0", to = "1", work = ""] = process.argv;
const target = targets.find((one) => one.name === name);
const round = await roundsOf(String(name), work, Number(seed));
if (!target && !round) throw new RangeError(`no target '${String(name)}'`);
const seeds = target ? seedsOf(target) : [];
const tell = (message: unknown): Promise<void> =>
  new Promise(
    (resolve) =>
      process.send?.(message, () => {
        resolve();
      }) ?? resolve(),
  );

const last = Number(to);
await tell({ index: Number(from) });
for (let index = Number(from); index < last; index++) {
  const outcome = target
    ? await attempt({ target, seeds, seed: Number(seed), index, work })
    : await round?.(index);
  await tell({ index: index + 1, outcome });
}
process.disconnect();
process.exit(0);
