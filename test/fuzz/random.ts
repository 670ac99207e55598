/** Random choices that are the same in every run: what failed can be made again from its seed and number. */
export class Random {
  private state: number;

  constructor(...seed: readonly (number | string)[]) {
    // FNV-1a
    this.state = Array.from(seed.join("/")).reduce(
      (hash, letter) => Math.imul(hash ^ letter.charCodeAt(0), 16777619),
      0x811c9dc5,
    );
  }

  /** 0 <= number < 1 (mulberry32). */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }
  /** A whole number from 0 to `count` - 1. */
  below(count: number): number {
    return Math.floor(this.next() * Math.max(1, count));
  }
  chance(probability: number): boolean {
    return this.next() < probability;
  }
  pick<T>(list: readonly T[]): T {
    const one = list[this.below(list.length)];
    if (one === undefined && list.length === 0) throw new RangeError("nothing to pick from");
    return one as T;
  }
}
