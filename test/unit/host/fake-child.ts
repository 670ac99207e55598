import type { Child } from "../../../src/host/compute/supervisor.ts";
import { serve, type Contract, type Handlers } from "../../../src/rpc/index.ts";

/** A process in memory that serves `handlers`, and that a test can crash. */
export class FakeChild<C extends Contract<C>> implements Child {
  killed = false;
  private readonly out = new Set<(message: unknown) => void>();
  private readonly toServer = new Set<(message: unknown) => void>();
  private readonly closers = new Set<(reason: string) => void>();

  constructor(handlers: Handlers<C>) {
    serve<C>(
      {
        post: (message) => {
          if (!this.killed) for (const listener of [...this.out]) listener(message);
        },
        onMessage: (listener) => {
          this.toServer.add(listener);
          return () => this.toServer.delete(listener);
        },
        onClose: () => () => undefined,
      },
      handlers,
    );
  }

  post(message: unknown): void {
    if (!this.killed) for (const listener of [...this.toServer]) listener(message);
  }
  onMessage(listener: (message: unknown) => void): () => void {
    this.out.add(listener);
    return () => this.out.delete(listener);
  }
  onClose(listener: (reason: string) => void): () => void {
    this.closers.add(listener);
    return () => this.closers.delete(listener);
  }
  kill(): void {
    this.crash("it was killed.");
  }
  crash(reason: string): void {
    if (this.killed) return;
    this.killed = true;
    for (const listener of [...this.closers]) listener(reason);
  }
}
