/** Runs on a thread of its own: decodes a picture's rows and sends back what is wanted of them. */
import { parentPort } from "node:worker_threads";
import { decodeRows, judge } from "./decode.ts";
import { reducerOf, type Reduction } from "./reduce.ts";

/** What the thread is asked. The bytes are lent to it. */
export interface Work {
  readonly bytes: Uint8Array;
  readonly name: string;
  readonly reduction: Reduction;
}

/** What it answers, with the bytes. */
export type Reduced = { readonly bytes: Uint8Array } & (
  { readonly pixels: Uint8Array; readonly notes: readonly string[] } | { readonly refused: string }
);

async function answer({ bytes, name, reduction }: Work): Promise<Reduced> {
  try {
    const reducer = reducerOf(reduction);
    const notes = await decodeRows(judge(bytes, name), {
      wants: (y) => reducer.wants(y),
      take: (y, rgba, part) => {
        reducer.row(y, rgba, 4, part);
      },
    });
    return { bytes, notes, pixels: reducer.result() };
  } catch (error) {
    return { bytes, refused: error instanceof Error ? error.message : String(error) };
  }
}

parentPort?.once("message", (work: Work) => {
  void answer(work).then((answered) => {
    parentPort?.postMessage(answered, [answered.bytes.buffer as ArrayBuffer]);
  });
});
