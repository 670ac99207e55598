import type { ReactiveControllerHost } from "lit";
import { RemoteError, type CallOptions, type Progress } from "../../../src/rpc/index.ts";
import { lostInRestart, Watched } from "./activity.ts";
import { t } from "../text/l10n.ts";

type Run<T> = (options: CallOptions) => Promise<T>;

/**
 * One fetched value. Asked again only when its key changes; the earlier value stays until the next arrives, the earlier
 * request is cancelled.
 */
export class Resource<T> extends Watched {
  value: T | null = null;
  /** What is shown belongs to an earlier request. */
  stale = false;
  private key: string | null = null;
  private run: Run<T> | null = null;
  private stopFollowing: (() => void) | null = null;

  constructor(
    host: ReactiveControllerHost,
    private readonly arrived: (value: T) => void = () => undefined,
    private readonly partial: (progress: Progress) => void = () => undefined,
  ) {
    super(host);
  }

  hostConnected(): void {
    this.stopFollowing = this.activity.followRestarts(() => this.retry());
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

  /** Shows a first part of what is being fetched; it stays if the rest is cancelled or fails. */
  show(value: T): void {
    this.value = value;
    this.stale = false;
    this.host.requestUpdate();
  }

  retry(): void {
    if (this.run && this.key !== null) void this.fetch();
    this.host.requestUpdate();
  }

  cancel(): void {
    this.activity.stop();
    this.activity.end(new RemoteError("cancelled", t("Cancelled.")));
  }

  private async fetch(again = true): Promise<void> {
    this.stale = true;
    const signal = this.activity.begin();
    try {
      const onProgress = (progress: Progress): void => {
        if (signal.aborted) return;
        this.activity.report(progress);
        this.partial(progress);
      };
      const value = await this.run?.({ signal, onProgress });
      if (signal.aborted || value === undefined) return;
      this.show(value);
      this.activity.end();
      this.arrived(value);
    } catch (error) {
      if (signal.aborted) return;
      if (again && lostInRestart(error)) return this.fetch(false);
      this.activity.end(error);
    }
  }
}
