import type { AttackAbout } from "../../../shared/method.ts";

/** The exact attack where it is too large: a preview, no proof. */
export default {
  id: "screen",
  command: "attack",
  title: "Screened",
  sentence: "The exact attack at the pixels that the gradient ranks first: a preview, no proof",
  group: "corners",
  linear: false,
  options: { top: { label: "Pixels tried", least: 1, usual: 256 } },
} as const satisfies AttackAbout;
