/** @param {readonly number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? sorted[middle]
    : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}

/**
 * One side of a row: `seconds` is the least, memory the largest.
 * @param {{ seconds: number, cpu: number | null, peakMegabytes: number | null }[]} runs
 */
export function summarise(runs, peak = null) {
  const of = (key) => runs.map((run) => run[key]).filter((value) => value !== null);
  const cpu = of("cpu");
  const memory = peak === null ? of("peakMegabytes") : [peak];
  return {
    seconds: Math.min(...of("seconds")),
    median: median(of("seconds")),
    cpu: cpu.length > 0 ? Math.min(...cpu) : null,
    peakMegabytes: memory.length > 0 ? Math.max(...memory) : null,
    runs: runs.length,
  };
}
