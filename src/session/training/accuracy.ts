/** How often a network is right over pictures whose class is known, and how wrong it is. */
import { classScores, logNormalizer, predict } from "../../methods/predict/index.ts";
import type { Accuracy } from "../../shared/contract/training.ts";
import type { Control } from "../../shared/control.ts";
import type { Provenance } from "../../shared/contract/lenses.ts";
import { at } from "../../base/at.ts";
import { breathe, inputError } from "../../base/errors.ts";
import { pictureBatches, type PictureStore } from "../run/feed.ts";
import type { Runner } from "../run/runner.ts";
import { classFolders } from "./class-folders.ts";

/** Pictures that are looked at: what a curve needs, at every checkpoint. */
const MOST_PICTURES = 256;
/** A probability that float32 rounds to 0. */
const LEAST = 1e-7;

/**
 * Over the class folders of `folder`: the share of pictures whose top class is theirs, and the mean of -ln p of their class in nats, p by
 * the model's own softmax or that of its logits. Throws a ConvLensError of kind `input` where the folders are not of the model's classes.
 */
export async function accuracyOver(
  runner: Runner,
  store: PictureStore,
  folder: string,
  { signal, progress }: Control,
): Promise<Omit<Accuracy, keyof Provenance>> {
  const { model } = runner;
  const { classes, labels, name } = model.summary;
  if (classes === null) throw inputError(`${name} has no classes to be right or wrong about.`);
  const { pictures, by } = await classFolders(folder, { classes, labels }, MOST_PICTURES);
  let [counted, right, loss, skipped] = [0, 0, 0, 0];
  for await (const { names, inputs } of pictureBatches(
    model,
    store,
    [...pictures.keys()],
    () => skipped++,
  )) {
    const predicted = await predict(runner.subject, model.scores, inputs);
    for (const [row, file] of names.entries()) {
      const scores = classScores(model.scores, predicted, null, row);
      const own = at(scores, pictures.get(file) ?? -1);
      if (scores.every(({ logit }) => logit <= own.logit)) right++;
      loss += -logOf(own, logNormalizer(scores));
      counted++;
    }
    progress({ fraction: counted / pictures.size });
    await breathe(signal);
  }
  if (counted === 0) throw inputError(`No picture of ${folder} could be read.`);
  return { counted, skipped, by, accuracy: right / counted, loss: loss / counted };
}

function logOf(
  { probability, logit }: { readonly probability: number | null; readonly logit: number },
  normalizer: number | null,
): number {
  if (probability !== null) return Math.log(Math.max(probability, LEAST));
  return normalizer === null ? Math.log(LEAST) : logit - normalizer;
}
