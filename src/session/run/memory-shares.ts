/** What `convlens.memoryBudgetMB` is when nobody chose it, and on the command line. */
export const DEFAULT_BUDGET_BYTES = 2048 * 2 ** 20;

/**
 * A budget in bytes as shares: half for the values of one run, a quarter for values that are kept for the next question; the rest is
 * for programs, pictures, and what a run takes beside its values.
 */
export const memoryShares = (budget = DEFAULT_BUDGET_BYTES): { run: number; kept: number } => ({
  run: budget / 2,
  kept: budget / 4,
});
