import { axes } from "../../base/axes.ts";
import { breathe } from "../../base/errors.ts";
import type { FloatTensor } from "../../base/tensor.ts";
import { fedWith } from "../repeat.ts";
import { forward } from "../forward.ts";
import { scoreIn } from "../inspect/scores.ts";
import type { AttributionRequest } from "./types.ts";

/** How much of the picture stays at each pixel, [H, W], 0 (baseline) .. 1 (picture). */
export type Mask = Float32Array;

/**
 * Scores of masked pictures, in batches: baseline + mask * (x - baseline). `use` gets each mask with its score, in order.
 * The score is the probability where the model has one and `probability` is asked for, else the logit.
 */
export async function scoreMasks(
  request: AttributionRequest,
  count: number,
  maskOf: (index: number) => Mask,
  probability: boolean,
  use: (index: number, mask: Mask, score: number) => void,
): Promise<void> {
  const { subject, scores, input, baseline, classIndex, batch, context } = request;
  const graph = { ...subject, graph: scores.graph };
  const kind = probability && scores.probabilities !== null ? "probability" : "logit";
  const node = (kind === "probability" ? scores.probabilities : null) ?? scores.logits;
  const size = input.data.length;
  const [, , , channels] = axes(input.shape, 4);
  for (let done = 0; done < count;) {
    const rows = Math.min(batch, count - done);
    const masks = Array.from({ length: rows }, (_, row) => maskOf(done + row));
    const data = new Float32Array(rows * size);
    let at = 0;
    for (const mask of masks)
      for (let i = 0, pixel = 0; i < size; pixel++) {
        const keep = mask[pixel] ?? 0;
        for (const end = i + channels; i < end; i++) {
          const from = baseline.data[i] ?? 0;
          data[at++] = from + keep * ((input.data[i] ?? 0) - from);
        }
      }
    const fed: FloatTensor = { dtype: "float32", shape: [rows, ...input.shape.slice(1)], data };
    const [values] = await forward(graph, fedWith(request, fed), [node]);
    if (!values) throw new RangeError("the engine returned no scores");
    masks.forEach((mask, row) => {
      use(done + row, mask, scoreIn(scores, values, row, classIndex, kind));
    });
    done += rows;
    context.progress({ fraction: done / count });
    await breathe(context.signal);
  }
}
