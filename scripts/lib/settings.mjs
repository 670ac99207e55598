/** A quiet workbench. Current names only: VS Code rewrites settings.json where it finds deprecated ones. */
export const settings = {
  "chat.disableAIFeatures": true,
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": "off",
  "extensions.ignoreRecommendations": true,
  "git.autorefresh": false,
  "git.enabled": false,
  "npm.autoDetect": "off",
  "security.workspace.trust.enabled": false,
  "telemetry.telemetryLevel": "off",
  "typescript.disableAutomaticTypeAcquisition": true,
  "update.mode": "none",
  "workbench.colorTheme": "Dark Modern",
  "workbench.enableExperiments": false,
  // a tooltip that stays over a row of the explorer takes the clicks that are meant for it
  "workbench.hover.delay": 1e8,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "workbench.welcomePage.walkthroughs.openOnInstall": false,
};

/** As after an installation, where nobody has set anything: the walkthrough opens at the first start. */
export const asInstalled = {
  "workbench.startupEditor": "welcomePage",
  "workbench.welcomePage.walkthroughs.openOnInstall": true,
};
