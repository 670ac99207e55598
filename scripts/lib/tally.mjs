/** Adds up what passed and failed, says how long each step took, and goes on after a failure. */
import { say, since } from "./say.mjs";

export class Tally {
  passed = 0;
  failed = 0;
  #times = [];

  add(passed, failed) {
    this.passed += passed;
    this.failed += failed;
  }

  /**
   * Runs one step. A step that throws counts as one failure, and hides no later one.
   * @param {string} name
   * @param {() => Promise<{ passed: number, failed: number } | undefined>} work counts; none: the step itself is one check
   */
  async step(name, work) {
    const start = performance.now();
    say(`\n== ${name}`);
    try {
      const { passed, failed } = (await work()) ?? { passed: 1, failed: 0 };
      if (passed + failed === 0) throw new Error(`${name}: no tests were found`);
      this.add(passed, failed);
      say(`${failed > 0 ? "FAIL" : "ok  "} ${name}: ${passed} passed, ${failed} failed`);
    } catch (error) {
      this.add(0, 1);
      say(`FAIL ${name}\n${error.message}`);
    }
    this.#times.push(`${since(start).padStart(8)}  ${name}`);
  }

  /** The last line is the one that machines read. */
  report() {
    say(`\n${this.#times.join("\n")}\n`);
    say(`${this.passed} passed, ${this.failed} failed`);
    process.exitCode = this.failed > 0 || this.passed === 0 ? 1 : 0;
  }
}
