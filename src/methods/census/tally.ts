/** What a census keeps of one filter; its size does not depend on the number of pictures. */
import type { CensusLayer } from "./layers.ts";
import type { FilterCensus, TallyState } from "./types.ts";

const BINS = 20;

/** Adds up a filter's statistics picture by picture, and can be taken up again from `state()`. */
export class FilterTally {
  private count = 0;
  private max = -Infinity;
  private min = Infinity;
  private meanSum = 0;
  private zeroSum = 0;
  /** Of each picture's strongest value; the range doubles when a value does not fit, merging bins in pairs. */
  private readonly bins = new Uint32Array(BINS);
  private binMax = 1e-3;
  private readonly best: { image: string; value: number }[] = [];

  constructor(
    private readonly keep: number,
    from: TallyState | null = null,
  ) {
    if (!from) return;
    const { bins, best, ...numbers } = from;
    Object.assign(this, numbers);
    this.bins.set(bins);
    this.best.push(...best);
  }

  state(): TallyState {
    const { count, max, min, meanSum, zeroSum, binMax, best } = this;
    return { count, max, min, meanSum, zeroSum, bins: [...this.bins], binMax, best: [...best] };
  }

  add(image: string, max: number, min: number, mean: number, zeros: number): void {
    this.count++;
    this.max = Math.max(this.max, max);
    this.min = Math.min(this.min, min);
    this.meanSum += mean;
    this.zeroSum += zeros;
    this.bin(Math.max(0, max));
    this.rank(image, max);
  }

  /** Of an activation that `rectifies`, and gives at most `limit`. */
  result({ rectifies, limit }: Pick<CensusLayer, "rectifies" | "limit">): FilterCensus {
    const constant = this.max === this.min;
    const dead = rectifies && this.max <= 0;
    return {
      max: this.max,
      min: this.min,
      mean: this.meanSum / this.count,
      zeroFraction: this.zeroSum / this.count,
      dead,
      // never off at all, or always at the limit
      saturated: !dead && ((rectifies && this.min > 0) || (limit !== null && this.min >= limit)),
      constant: constant && !dead,
      histogram: { max: this.binMax, counts: [...this.bins] },
      top: [...this.best],
    };
  }

  private bin(value: number): void {
    // a network that overflows: no range has room for it, and none is looked for
    const fits = Number.isFinite(value);
    while (fits && value >= this.binMax) {
      for (let i = 0; i < BINS; i++)
        this.bins[i] = i < BINS / 2 ? (this.bins[2 * i] ?? 0) + (this.bins[2 * i + 1] ?? 0) : 0;
      this.binMax *= 2;
    }
    const at = fits ? Math.floor((value / this.binMax) * BINS) : BINS - 1;
    this.bins[at] = (this.bins[at] ?? 0) + 1;
  }

  private rank(image: string, value: number): void {
    if (this.best.length === this.keep && value <= (this.best.at(-1)?.value ?? -Infinity)) return;
    const at = this.best.findIndex((other) => other.value < value);
    this.best.splice(at < 0 ? this.best.length : at, 0, { image, value });
    if (this.best.length > this.keep) this.best.pop();
  }
}
