import type { CamAbout } from "../../../shared/method.ts";

/** Muhammad, Yeasin 2020. */
export default {
  id: "eigen-cam",
  command: "cam",
  title: "EigenCAM",
  sentence: "The maps' first principal component: no class is involved",
  group: "maps",
  score: null,
  linear: false,
  options: {},
} as const satisfies CamAbout;
