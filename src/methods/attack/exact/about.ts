import type { AttackAbout } from "../../../shared/method.ts";

/** Every pixel is tried at the 8 corners of RGB, where a one-pixel attack is strongest. */
export default {
  id: "exact",
  command: "attack",
  title: "Exact",
  sentence: "Every pixel is tried at the 8 corners of RGB: what it does not find is not there",
  group: "corners",
  linear: false,
  options: {},
} as const satisfies AttackAbout;
