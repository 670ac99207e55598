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
  "convlens.explain",
  "convlens.census",
  "convlens.lesson",
  "convlens.openWithPicture",
  "convlens.followTraining",
  "convlens.runCheckpoint",
  "convlens.inspectVariable",
  "convlens.copyPythonHelper",
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

/** Run by views and the status bar only. */
export const INTERNAL = [
  "convlens.openLayer",
  "convlens.lineLayers",
  "convlens.engineMenu",
  "convlens.copyDoctor",
] as const;

/** Ids of all commands; `commands/index.ts` has one function for each. */
export type CommandId = (typeof CONTRIBUTED)[number] | (typeof INTERNAL)[number];
/** What a command does; VS Code passes a Uri or an item of the tree, the palette nothing. */
export type Command = (...args: readonly unknown[]) => Promise<void> | void;
