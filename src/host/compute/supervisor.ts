import { connect, RemoteError, type CallOptions, type Port } from "../../rpc/index.ts";
import type { Contract, Remote } from "../../rpc/index.ts";
import { computeError, ConvLensError, throwIfAborted } from "../../base/errors.ts";
import { t } from "../../shared/l10n.ts";
import { Listeners } from "../listeners.ts";
import { RestartBudget } from "./restarts.ts";

/** A process that serves a contract; `onClose` tells in words how it ended. */
export interface Child extends Port {
  kill(): void;
}

/** How to start a process, what each one has to be told, and when it is stopped or given up. */
export interface SupervisorOptions<C extends Contract<C>> {
  spawn(): Child;
  /** The first calls to every new process (settings). */
  prepare(remote: Remote<C>): Promise<unknown>;
  /** What this process must be told before this call; repeated with the call on a new process. */
  beforeCall?(remote: Remote<C>, method: keyof C, params: unknown): Promise<unknown>;
  /** False for calls with an effect that must not happen twice. */
  repeatable(method: keyof C): boolean;
  /** How long without a call until the process is stopped; 0 keeps it. Read at every call's end. */
  idleMs(): number;
  /** More crashes than these within the window, and every call fails until `restart`. */
  readonly mostRestarts?: number;
  readonly restartWindowMs?: number;
}

interface Running<C extends Contract<C>> {
  readonly child: Child;
  readonly remote: Remote<C>;
  readonly ready: Promise<unknown>;
  readonly close: () => void;
}

/**
 * Keeps one process for the calls that need it: started by the first call, stopped when idle, started again after a
 * crash. A call that was under way in a crash is repeated once where that is harmless. After too many crashes every
 * call fails with a sentence, until `restart`.
 */
export class Supervisor<C extends Contract<C>> {
  private readonly started = new Listeners<void>();
  private readonly lost = new Listeners<string>();
  private readonly gaveUp = new Listeners<string>();
  private readonly budget: RestartBudget;
  /** Why a process that is gone went, for the calls that were waiting on it. */
  private readonly stopped = new WeakMap<Running<C>, string>();
  private running: Running<C> | null = null;
  private refusal: string | null = null;
  private disposed = false;
  private busy = 0;
  private idleTimer: NodeJS.Timeout | undefined;

  readonly onStarted = this.started.on;
  /** The process was lost (crash, kill, `restart`), with the reason. Not fired by an idle stop. */
  readonly onLost = this.lost.on;
  /** It crashed too often and is not started again on its own. */
  readonly onGaveUp = this.gaveUp.on;

  get listeners(): number {
    return this.started.count + this.lost.count + this.gaveUp.count;
  }

  constructor(private readonly options: SupervisorOptions<C>) {
    this.budget = new RestartBudget(options.mostRestarts ?? 3, options.restartWindowMs ?? 300_000);
  }

  get alive(): boolean {
    return this.running !== null;
  }
  get pending(): number {
    return this.busy;
  }

  /** Starts the process without asking anything of it. */
  warm(): void {
    if (!this.disposed && this.refusal === null) this.ensure();
  }

  async call(method: keyof C, params: unknown, options: CallOptions = {}): Promise<unknown> {
    this.busy++;
    clearTimeout(this.idleTimer);
    try {
      return await this.attempt(method, params, options, 1);
    } finally {
      this.busy--;
      this.watchIdle();
    }
  }

  /** Stops the process, forgets earlier crashes and lets the next call start a new one. */
  restart(reason: string): void {
    this.budget.clear();
    this.refusal = null;
    this.stop(reason);
    this.lost.fire(reason);
  }

  /** Stops the process quietly; what is pending is repeated where possible. */
  stop(reason: string): void {
    const { running } = this;
    this.running = null;
    clearTimeout(this.idleTimer);
    if (!running) return;
    this.stopped.set(running, reason);
    running.close();
    running.child.kill();
  }

  dispose(): void {
    this.disposed = true;
    this.stop("ConvLens is closing.");
  }

  private async attempt(
    method: keyof C,
    params: unknown,
    options: CallOptions,
    round: number,
  ): Promise<unknown> {
    throwIfAborted(options.signal);
    this.throwIfRefused();
    const running = this.ensure();
    let sent = false;
    try {
      await running.ready;
      await this.options.beforeCall?.(running.remote, method, params);
      sent = true;
      const send = running.remote[method] as (
        params: unknown,
        options: CallOptions,
      ) => Promise<unknown>;
      return await send(params, options);
    } catch (error) {
      if (!(error instanceof RemoteError) || error.kind !== "disconnected") throw error;
      this.crashed(running, error.message);
      const again = round === 1 && (!sent || this.options.repeatable(method));
      if (again) return this.attempt(method, params, options, round + 1);
      this.throwIfRefused();
      const reason = this.stopped.get(running) ?? error.message;
      throw computeError(
        t("The compute process stopped during '{0}': {1}", String(method), reason),
      );
    }
  }

  private throwIfRefused(): void {
    if (this.disposed) throw new ConvLensError("cancelled", "ConvLens is closing.");
    if (this.refusal !== null) throw computeError(this.refusal);
  }

  private ensure(): Running<C> {
    if (this.running) return this.running;
    const child = this.options.spawn();
    const connection = connect<C>(child);
    const ready = this.options.prepare(connection.remote);
    // whoever calls sees the failure; without a caller (warm) it must not go unhandled
    ready.catch(() => undefined);
    const running: Running<C> = {
      child,
      remote: connection.remote,
      ready,
      close: () => connection.dispose(),
    };
    this.running = running;
    child.onClose((reason) => this.crashed(running, reason));
    this.started.fire();
    return running;
  }

  private crashed(running: Running<C>, reason: string): void {
    if (this.running !== running) return; // stopped on purpose, or seen already
    this.running = null;
    this.stopped.set(running, reason);
    if (!this.budget.allow()) {
      this.refusal = t(
        "The compute process stopped too often and is not started again (last: {0}). Run 'ConvLens: Restart' to try once more.",
        reason,
      );
      this.gaveUp.fire(this.refusal);
    }
    this.lost.fire(reason);
  }

  private watchIdle(): void {
    clearTimeout(this.idleTimer);
    const idleMs = this.options.idleMs();
    if (this.busy > 0 || !this.running || idleMs <= 0) return;
    this.idleTimer = setTimeout(() => this.stop("It was idle."), idleMs);
    this.idleTimer.unref();
  }
}
