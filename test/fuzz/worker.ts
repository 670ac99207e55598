/** worker.ts TARGET SEED FROM TO WORK: makes attempts and tells its parent before each which one it is. */
import { attempt } from "./attempt.ts";
import { seedsOf, targets } from "./targets.ts";

const [, , name, seed = "1", from = "0", to = "1", work = ""] = process.argv;
const target = targets.find((one) => one.name === name);
if (!target) throw new RangeError(`no target '${String(name)}'`);
const seeds = seedsOf(target);
const tell = (message: unknown): Promise<void> =>
  new Promise(
    (resolve) =>
      process.send?.(message, () => {
        resolve();
      }) ?? resolve(),
  );

for (let index = Number(from); index < Number(to); index++) {
  await tell({ index });
  const outcome = await attempt({ target, seeds, seed: Number(seed), index, work });
  await tell({ index, outcome });
}
await tell({ done: true });
process.disconnect();
process.exit(0);
