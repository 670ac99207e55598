import type { AttackAbout } from "../../../shared/method.ts";

/** Su, Vargas, Sakurai 2019. */
export default {
  id: "de",
  command: "attack",
  title: "Differential evolution",
  sentence: "Candidates of a few pixels evolve until one changes the network's mind",
  group: "search",
  linear: false,
  options: {
    pixels: { label: "Pixels", least: 1, usual: 1 },
    population: { label: "Population", least: 4, usual: 400 },
    steps: { label: "Generations", least: 1, usual: 100 },
    seed: true,
  },
} as const satisfies AttackAbout;
