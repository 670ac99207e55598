import { Worker } from "node:worker_threads";
import { inputError } from "../../base/errors.ts";
import type { Judged, PictureFile } from "./decode.ts";
import type { Size } from "./format.ts";
import type { Reduction } from "./reduce.ts";
import type { Reduced, Work } from "./worker.ts";

/** What a large picture may take, beside its file: the rest is for what goes wrong. */
const SECONDS = 30;
const SECONDS_PER_MEGAPIXEL = 1;
const mostSeconds = ({ width, height }: Size): number =>
  SECONDS + (SECONDS_PER_MEGAPIXEL * width * height) / 1e6;

/**
 * Takes parts of a picture that is too large to be held. Each time it is decoded on a thread of its own, which is ended when it takes too long;
 * only what was asked for comes back.
 */
export class LargePictureReader {
  /** Of the last time. */
  notes: readonly string[] = [];
  private readonly known = new Map<string, Promise<Uint8Array>>();
  /** One at a time. Once it failed it fails: the file is damaged. */
  private queue: Promise<unknown> = Promise.resolve();

  /** `limit`: in seconds, for a picture of this size. */
  constructor(
    private readonly file: PictureFile,
    private readonly about: Pick<Judged, "name" | "size">,
    private readonly limit: (size: Size) => number = mostSeconds,
  ) {}

  /** [rows, columns, 3] as they are stored; what was asked for before is kept. Throws a ConvLensError of kind `input`. */
  reduce(reduction: Reduction): Promise<Uint8Array> {
    const key = keyOf(reduction);
    const known = this.known.get(key);
    if (known) return known;
    const turn = this.queue.then(() => this.decode(reduction));
    this.queue = turn;
    this.known.set(key, turn);
    return turn;
  }

  private async decode(reduction: Reduction): Promise<Uint8Array> {
    const { name, size } = this.about;
    const seconds = this.limit(size);
    const work: Work = { file: this.file, reduction };
    const answer = await onThread(work, 1000 * seconds).catch((cause: unknown) => {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw inputError(`${name} could not be decoded: ${why}.`, { cause });
    });
    if (answer === "late")
      throw inputError(
        `${name} took longer than ${Math.ceil(seconds)} s to decode and was given up; save it again as PNG or JPEG.`,
      );
    if ("refused" in answer) throw inputError(answer.refused);
    this.notes = answer.notes;
    return answer.pixels;
  }
}

/** The same for what takes the same of a picture. */
function keyOf(reduction: Reduction): string {
  const { kind, rows, columns } = reduction;
  const of = (axis: typeof rows): string =>
    "starts" in axis ? [axis.starts, axis.weights].join(":") : axis.join();
  return [kind, of(rows), of(columns)].join("/");
}

/** Rejects where the thread breaks down. */
function onThread(work: Work, milliseconds: number): Promise<Reduced | "late"> {
  return new Promise((resolve, reject) => {
    const worker = start();
    const end = (then: () => void): void => {
      clearTimeout(timer);
      void worker.terminate().then(then);
    };
    const timer = setTimeout(() => {
      end(() => {
        resolve("late");
      });
    }, milliseconds);
    worker.once("message", (answer: Reduced) => {
      end(() => {
        resolve(answer);
      });
    });
    worker.once("error", (error) => {
      end(() => {
        reject(error);
      });
    });
    worker.postMessage(work);
  });
}

function start(): Worker {
  // the pixels that go by lie outside of this heap
  const options = { resourceLimits: { maxOldGenerationSizeMb: 256 } };
  if (!import.meta.url.endsWith(".ts"))
    return new Worker(new URL("./picture.js", import.meta.url), options);
  // run from source, as tests are: a thread does not take over how its process reads TypeScript
  const source = JSON.stringify(new URL("./worker.ts", import.meta.url).href);
  const code = `import("tsx/esm/api").then(({ register }) => (register(), import(${source})))`;
  return new Worker(code, { ...options, eval: true });
}
