import type { ReactiveController, ReactiveControllerHost } from "lit";
import { RemoteError, type CallOptions, type Progress } from "../../src/rpc/index.ts";
import { Activity, lostInRestart, type Loadable } from "./activity.ts";

type Run<T> = (options: CallOptions) => Promise<T>;

/**
 * One fetched value. Asked again only when its key changes; the earlier value stays until the next arrives, the earlier
 * request is cancelled.
 */
export class Resource<T> implements ReactiveController, Loadable {
  value: T | null = null;
  private key: string | null = null;
  private run: Run<T> | null = null;
  private readonly activity: Activity;
  private stopFollowing: (() => void) | null = null;

  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly arrived: (value: T) => void = () => undefined,
    private readonly partial: (progress: Progress) => void = () => undefined,
  ) {
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

  hostConnected(): void {
    this.stopFollowing = this.activity.followRestarts(() => {
      this.retry();
    });
  }
  hostDisconnected(): void {
    this.stopFollowing?.();
    this.activity.stop();
    this.key = null;
  }

  /**
   * Fetches unless it was done for equal parameters and the same version of the model already; null parameters forget
   * the value.
   */
  load<P>(
    params: P | null,
    version: number,
    run: (params: P, options: CallOptions) => Promise<T>,
  ): void {
    const key = params === null ? null : JSON.stringify([version, params]);
    if (key === this.key) return;
    this.key = key;
    this.run = params === null ? null : (options) => run(params, options);
    if (key !== null) return void this.fetch();
    this.activity.stop();
    this.activity.error = null;
    this.value = null;
  }

  retry(): void {
    if (this.run && this.key !== null) void this.fetch();
    this.host.requestUpdate();
  }

  cancel(): void {
    this.activity.stop();
    this.activity.end(new RemoteError("cancelled", "Cancelled."));
  }

  private async fetch(again = true): Promise<void> {
    const signal = this.activity.begin();
    try {
      const onProgress = (progress: Progress): void => {
        if (signal.aborted) return;
        this.activity.report(progress);
        this.partial(progress);
      };
      const value = await this.run?.({ signal, onProgress });
      if (signal.aborted || value === undefined) return;
      this.value = value;
      this.activity.end();
      this.arrived(value);
    } catch (error) {
      if (signal.aborted) return;
      if (again && lostInRestart(error)) return this.fetch(false);
      this.activity.end(error);
    }
  }
}
