/** What the person at the terminal reads: plain sentences, with a sign of life during long work. */

export const say = (text) => console.log(text);

/** Seconds since `start` (from performance.now()), as "3.2 s". */
export const since = (start) => `${((performance.now() - start) / 1000).toFixed(1)} s`;

/** Does `work`, saying every 15 seconds that it is still being done. */
export async function patiently(what, work) {
  const start = performance.now();
  const timer = setInterval(() => say(`  still ${what} (${since(start)})`), 15_000);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
