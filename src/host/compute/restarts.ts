/** Counts crashes: `allow` says whether one more start is all right, at most `most` in `windowMs`. */
export class RestartBudget {
  private crashes: number[] = [];

  constructor(
    private readonly most: number,
    private readonly windowMs: number,
  ) {}

  /** Counts a crash now; false once there were more than `most` within the window. */
  allow(now = Date.now()): boolean {
    this.crashes = [...this.crashes.filter((time) => now - time < this.windowMs), now];
    return this.crashes.length <= this.most;
  }

  clear(): void {
    this.crashes = [];
  }
}
