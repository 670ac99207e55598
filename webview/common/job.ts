import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { RemoteError } from "../../src/rpc/index.ts";
import { type CallOptions, type Progress } from "../../src/rpc/index.ts";
import { Activity, type Loadable } from "./activity.ts";

type Work = (options: CallOptions) => Promise<void>;

/**
 * Work that a person starts, one at a time. What it has shown stays when it is cancelled or fails; it is stopped when its
 * element goes away.
 */
export class Job implements ReactiveController, Loadable {
  private readonly activity: Activity;
  private work: Work | null = null;

  constructor(host: ReactiveControllerHost) {
    this.activity = new Activity(host);
    host.addController(this);
  }

  get busy(): boolean {
    return this.activity.busy;
  }
  get slow(): boolean {
    return this.activity.slow;
  }
  get progress(): Progress | null {
    return this.activity.progress;
  }
  get error(): RemoteError | null {
    return this.activity.error;
  }

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
        onProgress: (progress) => {
          this.activity.report(progress);
        },
      });
      if (!signal.aborted) this.activity.end();
    } catch (error) {
      if (!signal.aborted) this.activity.end(error);
    }
  }
}
