/** Runs one suite: its Python script hands over cases, a process of ours compares them, one after the other. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { say, since } from "../../../scripts/lib/say.mjs";
import { Lines } from "./lines.mjs";

const folder = path.resolve(import.meta.dirname, "..");
const SIGN_OF_LIFE_MS = 15_000;

/** The process that compares; a new one after each that died or hung. */
class Checker {
  #lines = null;

  constructor(engine) {
    this.engine = engine;
  }

  /** @returns {Promise<{ ok: boolean, seconds: number, worst: object | null, error: string | null }>} */
  async check(caseFolder, seconds) {
    try {
      await this.#start();
      const answer = await this.#lines.ask(caseFolder, seconds);
      if (answer) return answer;
      throw new Error(
        `the process ended (${await this.#lines.gone}): ${this.#lines.lastWords.slice(-300)}`,
      );
    } catch (error) {
      this.stop();
      return { ok: false, seconds, worst: null, error: error.message };
    }
  }

  async #start() {
    if (this.#lines) return;
    const script = path.join(folder, "lib", "check.ts");
    this.#lines = new Lines(process.execPath, ["--import=tsx", script, this.engine]);
    this.about = await this.#lines.answer(60);
    if (!this.about) throw new Error(`no engine: ${this.#lines.lastWords}`);
  }

  stop() {
    this.#lines?.kill();
    this.#lines = null;
  }
}

/**
 * @param {{ name: string, environment: string, script: string, seconds?: number, making?: number, each?: boolean }} suite
 *   script: in this folder; seconds, making: limits of one comparison (120) and of making one case (600); each: the report has a
 *   row for each case
 * @param {{ engine: string, quick: boolean, case: string, python: string, keep?: string }} options
 * @returns {Promise<{ suite: string, engine: object, cases: object[], broken: string | null, seconds: number }>}
 */
export async function runSuite(suite, { engine, quick, case: only, python, keep }) {
  const start = performance.now();
  const work = keep ?? mkdtempSync(path.join(tmpdir(), "convlens-conformance-"));
  mkdirSync(work, { recursive: true });
  const args = [path.join(folder, suite.script), work, `--case=${only}`];
  const maker = new Lines(python, quick ? [...args, "--quick"] : args, {
    ...{ PYTHONPATH: path.join(folder, "lib"), PYTHONDONTWRITEBYTECODE: "1" },
    ...{ CUDA_VISIBLE_DEVICES: "", TF_CPP_MIN_LOG_LEVEL: "3", TF_USE_LEGACY_KERAS: "" },
  });
  const checker = new Checker(engine);
  const cases = [];
  let broken = null;
  let told = performance.now();
  try {
    let made = await maker.answer(suite.making ?? 600);
    while (made) {
      const { name, group, leftOut } = made;
      const compare = () => checker.check(made.folder, suite.seconds ?? 120);
      let answer = leftOut ? { leftOut } : await compare();
      while (made && answer.worst && !answer.ok && made.noise === "on request") {
        made = await maker.ask("noise", suite.making ?? 600);
        if (made) answer = await compare();
      }
      if (!made) break;
      cases.push({ name, group, ...answer });
      if (answer.error) say(`  ${group} ${name}: ${answer.error.slice(0, 300)}`);
      if (performance.now() - told > SIGN_OF_LIFE_MS) {
        say(`  ${suite.name}: ${cases.length} cases so far (${since(start)})`);
        told = performance.now();
      }
      made = await maker.ask("", suite.making ?? 600);
    }
    const code = await maker.gone;
    if (code !== 0) broken = `${suite.script} ended with ${code}: ${maker.lastWords}`;
  } catch (error) {
    broken = `${suite.script}: ${error.message}`;
  } finally {
    maker.kill();
    checker.stop();
    if (!keep) rmSync(work, { recursive: true, force: true });
  }
  if (cases.length === 0) broken ??= `no case matched`;
  return {
    suite: suite.name,
    each: suite.each === true,
    engine: checker.about ?? null,
    cases,
    broken,
    seconds: (performance.now() - start) / 1000,
  };
}
