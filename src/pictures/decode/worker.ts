/** Runs on a thread of its own: decodes a picture's rows and sends back what is wanted of them. */
import { parentPort } from "node:worker_threads";
import { decodeRows, withJudged, type PictureFile } from "./decode.ts";
import { reducerOf, type Reduction } from "./reduce.ts";

/** What the thread is asked. */
export interface Work {
  readonly file: PictureFile;
  readonly reduction: Reduction;
}

/** What it answers. */
export type Reduced =
  { readonly pixels: Uint8Array; readonly notes: readonly string[] } | { readonly refused: string };

async function answer({ file, reduction }: Work): Promise<Reduced> {
  try {
    const reducer = reducerOf(reduction);
    const notes = await withJudged(file, (judged) =>
      decodeRows(judged, {
        wants: (y) => reducer.wants(y),
        take: (y, rgba, part) => {
          reducer.row(y, rgba, 4, part);
        },
      }),
    );
    return { notes, pixels: reducer.result() };
  } catch (error) {
    return { refused: error instanceof Error ? error.message : String(error) };
  }
}

parentPort?.once("message", (work: Work) => {
  void answer(work).then((answered) => {
    parentPort?.postMessage(answered);
  });
});
