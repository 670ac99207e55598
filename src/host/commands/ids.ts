/** Every command of the extension. package.json contributes those of `CONTRIBUTED`; a test compares them. */
export const CONTRIBUTED = [
  "convlens.inspect",
  "convlens.filters",
  "convlens.activations",
  "convlens.cam",
  "convlens.howFilterWorks",
  "convlens.maximize",
  "convlens.attack",
  "convlens.attribute",
  "convlens.census",
  "convlens.openWithPicture",
  "convlens.followTraining",
  "convlens.compare",
  "convlens.compareSelected",
  "convlens.saveReport",
  "convlens.showCode",
  "convlens.linkScript",
  "convlens.goToCode",
  "convlens.insertPicture",
  "convlens.selectEngine",
  "convlens.installNative",
  "convlens.doctor",
  "convlens.restart",
  "convlens.showLog",
  "convlens.openWalkthrough",
  "convlens.refreshModels",
] as const;

/** Commands that open a lens with one of its methods chosen. */
export const METHODS = [
  "convlens.hiresCam",
  "convlens.gradCamPlusPlus",
  "convlens.xgradCam",
  "convlens.layerCam",
  "convlens.eigenCam",
  "convlens.scoreCam",
  "convlens.ablationCam",
  "convlens.gradient",
  "convlens.saliency",
  "convlens.gradientXInput",
  "convlens.smoothGrad",
  "convlens.integratedGradients",
  "convlens.occlusion",
  "convlens.rise",
  "convlens.guidedBackprop",
  "convlens.guidedGradCam",
  "convlens.exactAttack",
  "convlens.maximizeRobust",
  "convlens.maximizeMaco",
] as const;
export type MethodId = (typeof METHODS)[number];

/** Run by views and the status bar only. */
export const INTERNAL = [
  "convlens.openLayer",
  "convlens.lineLayers",
  "convlens.engineMenu",
] as const;

export type CommandId = (typeof CONTRIBUTED)[number] | MethodId | (typeof INTERNAL)[number];
export type Command = (...args: readonly unknown[]) => Promise<void> | void;
