/** Adam (Kingma, Ba 2015) on one array, uphill. */
export class Adam {
  private readonly mean: Float32Array;
  private readonly square: Float32Array;
  private step = 0;

  constructor(
    private readonly values: Float32Array,
    private readonly rate: number,
  ) {
    this.mean = new Float32Array(values.length);
    this.square = new Float32Array(values.length);
  }

  ascend(gradient: Float32Array): void {
    this.step++;
    const [b1, b2] = [0.9, 0.999];
    const rate = (this.rate * Math.sqrt(1 - b2 ** this.step)) / (1 - b1 ** this.step);
    for (let i = 0; i < this.values.length; i++) {
      const g = gradient[i] ?? 0;
      const m = b1 * (this.mean[i] ?? 0) + (1 - b1) * g;
      const v = b2 * (this.square[i] ?? 0) + (1 - b2) * g * g;
      this.mean[i] = m;
      this.square[i] = v;
      this.values[i] = (this.values[i] ?? 0) + (rate * m) / (Math.sqrt(v) + 1e-8);
    }
  }
}
