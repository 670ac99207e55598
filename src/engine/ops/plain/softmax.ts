/** log(softmax(x)) over rows of `length` numbers, shifted by the largest for range. */
export function logSoftmaxRows(length: number) {
  return (out: Float32Array, x: Float32Array): void => {
    for (let start = 0; start < x.length; start += length) {
      const row = x.subarray(start, start + length);
      let top = -Infinity;
      for (const value of row) top = value > top ? value : top;
      let total = 0;
      for (const value of row) total += Math.exp(value - top);
      const shift = top + Math.log(total);
      for (let i = 0; i < length; i++) out[start + i] = (row[i] ?? 0) - shift;
    }
  };
}
