/** Prints a measured time beside the tests. Never asserted: machines differ. */
export function figure(what: string, milliseconds: number): void {
  console.log(`      (${what}: ${Math.round(milliseconds)} ms)`);
}
