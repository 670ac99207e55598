import type { CallOptions } from "../../../src/rpc/index.ts";
import { Watched } from "./activity.ts";

type Work = (options: CallOptions) => Promise<void>;

/**
 * Work that a person starts, one at a time. What it has shown stays when it is cancelled or fails; it is stopped when its
 * element goes away.
 */
export class Job extends Watched {
  private work: Work | null = null;

  hostDisconnected(): void {
    this.activity.stop();
  }

  /** Starts other work instead; `show` gets the parts of the result that come before its end. */
  start(work: Work, show: (partial: unknown) => void = () => undefined): void {
    this.work = (options) =>
      work({
        ...options,
        onProgress: (progress) => {
          if (options.signal?.aborted) return;
          options.onProgress?.(progress);
          if (progress.partial !== undefined) show(progress.partial);
        },
      });
    this.retry();
  }

  retry(): void {
    if (this.work) void this.run(this.work);
  }

  /** Ends it without a word: the person did it. */
  cancel(): void {
    this.activity.stop();
    this.activity.end();
  }

  /** Also takes back what an earlier run had to say. */
  clear(): void {
    this.work = null;
    this.activity.error = null;
    this.cancel();
  }

  private async run(work: Work): Promise<void> {
    const signal = this.activity.begin();
    try {
      await work({
        signal,
        onProgress: (progress) => this.activity.report(progress),
      });
      if (!signal.aborted) this.activity.end();
    } catch (error) {
      if (!signal.aborted) this.activity.end(error);
    }
  }
}
