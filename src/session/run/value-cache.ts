import type { FloatTensor } from "../../base/tensor.ts";

/** Keeps the most recently used values within a budget of bytes: one forward pass serves all that is asked of a picture. */
export class ValueCache {
  private readonly values = new Map<string, FloatTensor>();
  private bytes = 0;

  constructor(private budget: number) {}

  get size(): number {
    return this.values.size;
  }
  setBudget(bytes: number): void {
    this.budget = bytes;
    this.evict();
  }
  get(key: string): FloatTensor | undefined {
    const value = this.values.get(key);
    if (value) {
      // a Map keeps insertion order: the last one is the most recent
      this.values.delete(key);
      this.values.set(key, value);
    }
    return value;
  }
  set(key: string, value: FloatTensor): void {
    this.delete(key);
    this.values.set(key, value);
    this.bytes += value.data.byteLength;
    this.evict();
  }
  deleteAll(prefix: string): void {
    for (const key of [...this.values.keys()]) if (key.startsWith(prefix)) this.delete(key);
  }
  private delete(key: string): void {
    this.bytes -= this.values.get(key)?.data.byteLength ?? 0;
    this.values.delete(key);
  }
  private evict(): void {
    for (const key of this.values.keys()) {
      if (this.bytes <= this.budget || this.values.size <= 1) return;
      this.delete(key);
    }
  }
}
