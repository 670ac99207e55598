import { css } from "lit";

/** The panel's palette: VS Code's theme variables with fall-backs, named by what they are for. Set on the root element. */
export const palette = css`
  :host {
    --cl-font: var(--vscode-font-family, system-ui, sans-serif);
    --cl-mono: var(--vscode-editor-font-family, ui-monospace, monospace);
    --cl-bg: var(--vscode-editor-background, #1f1f1f);
    --cl-side: var(--vscode-sideBar-background, #181818);
    --cl-fg: var(--vscode-foreground, #cccccc);
    --cl-strong: var(--vscode-editor-foreground, var(--cl-fg));
    --cl-muted: var(--vscode-descriptionForeground, #9d9d9d);
    --cl-line: var(
      --vscode-contrastBorder,
      var(--vscode-panel-border, var(--vscode-widget-border, #2b2b2b))
    );
    --cl-outline: var(--vscode-contrastBorder, transparent);
    --cl-focus: var(--vscode-focusBorder, #0078d4);
    --cl-accent: var(--vscode-panelTitle-activeBorder, var(--cl-focus));
    --cl-link: var(--vscode-textLink-foreground, #4daafc);
    --cl-hover: var(--vscode-list-hoverBackground, rgb(128 128 128 / 14%));
    --cl-active: var(--vscode-list-activeSelectionBackground, #04395e);
    --cl-active-fg: var(--vscode-list-activeSelectionForeground, var(--vscode-foreground, #ffffff));
    --cl-active-line: var(--vscode-contrastActiveBorder, transparent);
    --cl-input: var(--vscode-input-background, #313131);
    --cl-input-fg: var(--vscode-input-foreground, #cccccc);
    --cl-input-line: var(--vscode-input-border, var(--vscode-contrastBorder, #3c3c3c));
    --cl-button: var(--vscode-button-background, #0078d4);
    --cl-button-fg: var(--vscode-button-foreground, #ffffff);
    --cl-button-hover: var(--vscode-button-hoverBackground, #026ec1);
    --cl-card: var(
      --vscode-editorWidget-background,
      color-mix(in srgb, var(--cl-fg) 5%, var(--cl-bg))
    );
    --cl-error: var(--vscode-errorForeground, #f85149);
    --cl-warning: var(--vscode-editorWarning-foreground, #cca700);
    --cl-blue: var(--vscode-charts-blue, #59a4f9);
    --cl-red: var(--vscode-charts-red, #f14c4c);
    --cl-green: var(--vscode-charts-green, #89d185);
    --cl-yellow: var(--vscode-charts-yellow, #cca700);
    /* themes have it translucent: a line of it would hardly be seen */
    --cl-orange: rgb(from var(--vscode-charts-orange, #d18616) r g b / 1);
    --cl-purple: var(--vscode-charts-purple, #b180d7);
  }
`;

/** What every element's own root needs: sizes, focus, scroll bars, the plain controls. */
export const base = css`
  * {
    box-sizing: border-box;
  }
  :host {
    color: var(--cl-fg);
    font-family: var(--cl-font);
    font-size: var(--vscode-font-size, 13px);
    line-height: 1.45;
  }
  :host([hidden]),
  [hidden] {
    display: none !important;
  }
  :focus-visible {
    outline: 1px solid var(--cl-focus);
    outline-offset: -1px;
  }
  .muted {
    color: var(--cl-muted);
  }
  .mono {
    font-family: var(--cl-mono);
    font-size: 12px;
    font-variant-numeric: tabular-nums;
  }
  .spacer {
    flex: 1;
  }
  h2,
  h3 {
    margin: 0;
    font-size: 11px;
    font-weight: 600;
    letter-spacing: 0.04em;
    text-transform: uppercase;
    color: var(--cl-muted);
  }
  p {
    margin: 0;
  }
  .sr-only {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
`;
