import type { CamAbout } from "../../../shared/method.ts";

/** Abnar, Zuidema 2020. */
export default {
  id: "attention-rollout",
  command: "cam",
  title: "Attention rollout",
  sentence: "The attention of all layers multiplied, as tokens pass it on: no class is involved",
  group: "maps",
  score: null,
  ofAttention: true,
  linear: false,
  options: {},
} as const satisfies CamAbout;
