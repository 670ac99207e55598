import { html, type ReactiveControllerHost, type TemplateResult } from "lit";
import { dropdown, numberField, seedField, segments } from "../../common/controls/index.ts";
import { Own } from "../../common/state/index.ts";
import { t } from "../../common/text/index.ts";
import { PRESETS, type Preset } from "./words.ts";

const NAMES = Object.keys(PRESETS) as Preset[];

/** What differential evolution is given: how many pixels, and how long it may search. */
export class EvolutionChoices {
  readonly seed: Own<number>;
  private readonly count: Own<"1" | "3" | "5">;
  private readonly population: Own<number>;
  private readonly generations: Own<number>;

  constructor(host: ReactiveControllerHost) {
    this.seed = new Own(host, 0);
    this.count = new Own<"1" | "3" | "5">(host, "1");
    this.population = new Own<number>(host, PRESETS.quick.population);
    this.generations = new Own<number>(host, PRESETS.quick.generations);
  }

  /** Pixels that may be changed. */
  get pixels(): number {
    return Number(this.count.value);
  }

  get size(): { population: number; generations: number } {
    return { population: this.population.value, generations: this.generations.value };
  }

  setPixels(count: "1" | "3" | "5"): void {
    this.count.set(count);
  }
  setPreset(name: Preset): void {
    this.population.set(PRESETS[name].population);
    this.generations.set(PRESETS[name].generations);
  }

  render(): TemplateResult {
    const { population, generations } = this;
    const preset = NAMES.find(
      (name) =>
        PRESETS[name].population === population.value &&
        PRESETS[name].generations === generations.value,
    );
    const choose = (name: Preset | "own"): void => {
      if (name !== "own") this.setPreset(name);
    };
    const number = (label: string, of: Own<number>, least: number, usual: number) =>
      numberField(
        label,
        { value: of.value, set: (typed) => of.set(Math.max(least, typed ?? usual)) },
        String(usual),
      );
    return html`${segments<"1" | "3" | "5">(
      t("Pixels"),
      [
        ["1", t("1 pixel")],
        ["3", "3"],
        ["5", "5"],
      ],
      this.count,
    )}
    ${dropdown<Preset | "own">(
      t("Preset"),
      [...NAMES.map((name) => [name, PRESETS[name].title] as const), ["own", t("own numbers")]],
      { value: preset ?? "own", set: choose },
    )}
    ${number(t("Population"), population, 4, PRESETS.quick.population)}
    ${number(t("Generations"), generations, 1, PRESETS.quick.generations)} ${seedField(this.seed)}`;
  }
}
