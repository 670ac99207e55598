/** What an output of a network says of one input. */
import { answerOf, tableOf, USUAL_THRESHOLDS, type Output } from "../../methods/outputs/index.ts";
import { at } from "../../base/at.ts";
import type { FloatTensor } from "../../base/tensor.ts";
import { positionsOf } from "../../graph/index.ts";
import type { Answer, Thresholds } from "../../shared/contract/outputs.ts";
import type { Fed, Runner } from "./runner.ts";

/** The answer of an output (by its name; null: the first) for the first picture that is fed; of a detector, its boxes above the thresholds. */
export async function answered(
  runner: Runner,
  fed: Fed,
  name: string | null,
  { score, iou }: Partial<Thresholds> = {},
): Promise<{ output: Output; answer: Answer }> {
  const { outputs, graph } = runner.model;
  const output = outputs.find(name);
  if (output.kind === "classes") return { output, answer: { kind: "classes" } };
  const valuesOf = async (of: Output | undefined): Promise<FloatTensor | null> => {
    if (!of) return null;
    const table = tableOf(outputs.graphOf(of), of);
    return at(await runner.values(fed, [table.node], table.graph), 0);
  };
  const main = outputs.scored(output);
  const logits = outputs.logits(main);
  const scores = at(await runner.values(fed, [logits.node], logits.graph), 0);
  const values = (await valuesOf(main)) ?? scores;
  const { coordinates = null, ids = null, chosen } = main.boxes ?? {};
  const apart = coordinates && outputs.all[coordinates.output];
  const detector = {
    scores: values,
    coordinates: apart && apart !== main ? await valuesOf(apart) : null,
    ids: ids === null ? null : await valuesOf(outputs.all[ids]),
  };
  const size = positionsOf(graph).picture ?? [1, 1];
  const labels = runner.labelsOf(main);
  const thresholds: Thresholds = {
    score: score ?? chosen?.score ?? USUAL_THRESHOLDS.score,
    iou: iou ?? chosen?.iou ?? USUAL_THRESHOLDS.iou,
  };
  const told = { output: main, values, scores, detector, size, labels, thresholds };
  return { output, answer: answerOf(told) };
}
