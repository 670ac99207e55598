import type { ReactiveController, ReactiveControllerHost } from "lit";
import { RemoteError, type Progress } from "../../../src/rpc/index.ts";

/** How a request is going, as `convlens-status` shows it. */
export interface Loadable {
  readonly busy: boolean;
  /** Busy for longer than people take as at once (300 ms). */
  readonly slow: boolean;
  readonly progress: Progress | null;
  readonly error: RemoteError | null;
  cancel(): void;
  retry(): void;
}

const restarts = new Set<() => void>();
let lastRestart = -Infinity;

/** The compute process came back: what failed with it is asked once more. */
export function computeRestarted(): void {
  lastRestart = performance.now();
  for (const listener of restarts) listener();
}

/** The state of one request at a time, whatever it fetches; newer requests cancel older ones. */
export class Activity {
  busy = false;
  slow = false;
  progress: Progress | null = null;
  error: RemoteError | null = null;
  private controller = new AbortController();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly host: ReactiveControllerHost) {}

  /** Follows restarts of the compute process until the returned function is called. */
  followRestarts(retry: () => void): () => void {
    const listener = (): void => {
      if (this.error && this.error.kind !== "cancelled") retry();
    };
    restarts.add(listener);
    return () => restarts.delete(listener);
  }

  begin(): AbortSignal {
    this.stop();
    this.controller = new AbortController();
    this.busy = true;
    this.error = null;
    this.timer = setTimeout(() => {
      this.slow = true;
      this.host.requestUpdate();
    }, 300);
    return this.controller.signal;
  }

  /** A part of the result says nothing of how far it is. */
  report(progress: Progress): void {
    if (progress.fraction !== undefined || progress.message !== undefined) this.progress = progress;
    this.host.requestUpdate();
  }

  end(error?: unknown): void {
    this.settle();
    if (error instanceof RemoteError) this.error = error;
    else if (error instanceof Error) this.error = new RemoteError("internal", error.message);
    this.host.requestUpdate();
  }

  /** Ends the request without a word, as another replaces it. */
  stop(): void {
    this.settle();
    this.controller.abort();
  }

  private settle(): void {
    clearTimeout(this.timer);
    this.busy = this.slow = false;
    this.progress = null;
  }
}

/** Whether a failure came with a restart that is already over, so that the same call is likely to work now. */
export function lostInRestart(error: unknown): boolean {
  return (
    error instanceof RemoteError &&
    error.kind === "disconnected" &&
    performance.now() - lastRestart < 3000
  );
}

/** A controller of an element whose activity can be watched. */
export abstract class Watched implements ReactiveController, Loadable {
  protected readonly activity: Activity;

  constructor(protected readonly host: ReactiveControllerHost) {
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

  abstract hostDisconnected(): void;
  abstract cancel(): void;
  abstract retry(): void;
}
