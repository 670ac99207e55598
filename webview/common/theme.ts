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
    --cl-active-fg: var(--vscode-list-activeSelectionForeground, #ffffff);
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
    --cl-orange: var(--vscode-charts-orange, #d18616);
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

export const controls = css`
  button,
  select,
  input {
    font: inherit;
    font-size: 12px;
    color: inherit;
  }
  button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 5px;
    min-height: 24px;
    padding: 2px 9px;
    border: 1px solid var(--cl-outline);
    border-radius: 4px;
    cursor: pointer;
    color: var(--vscode-button-secondaryForeground, var(--cl-fg));
    background: var(
      --vscode-button-secondaryBackground,
      color-mix(in srgb, var(--cl-fg) 12%, transparent)
    );
  }
  button:hover {
    background: var(
      --vscode-button-secondaryHoverBackground,
      color-mix(in srgb, var(--cl-fg) 20%, transparent)
    );
  }
  button:disabled {
    opacity: 0.45;
    cursor: default;
  }
  button.primary {
    color: var(--cl-button-fg);
    background: var(--cl-button);
    border-color: var(--vscode-button-border, var(--cl-outline));
  }
  button.primary:hover {
    background: var(--cl-button-hover);
  }
  button.ghost {
    padding: 2px 5px;
    color: var(--vscode-icon-foreground, var(--cl-fg));
    background: transparent;
    border-color: transparent;
  }
  button.ghost:hover,
  button.ghost[aria-pressed="true"] {
    background: var(--vscode-toolbar-hoverBackground, rgb(128 128 128 / 22%));
    outline: 1px dashed var(--cl-active-line);
    outline-offset: -1px;
  }
  button.link {
    min-height: 0;
    padding: 0;
    color: var(--cl-link);
    background: transparent;
    border: 0;
    text-align: left;
  }
  button.link:hover {
    text-decoration: underline;
  }
  select,
  input:not([type]),
  input[type="search"],
  input[type="text"],
  input[type="number"] {
    height: 24px;
    padding: 1px 6px;
    color: var(--cl-input-fg);
    background: var(--cl-input);
    border: 1px solid var(--cl-input-line);
    border-radius: 4px;
    min-width: 0;
  }
  select {
    color: var(--vscode-dropdown-foreground, var(--cl-input-fg));
    background: var(--vscode-dropdown-background, var(--cl-input));
    border-color: var(--vscode-dropdown-border, var(--cl-input-line));
  }
  ::placeholder {
    color: var(--vscode-input-placeholderForeground, var(--cl-muted));
  }
  input[type="range"] {
    width: 72px;
    height: 16px;
    margin: 0;
    accent-color: var(--cl-focus);
  }
  label {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    font-size: 12px;
    color: var(--cl-muted);
    white-space: nowrap;
  }
  .end {
    display: flex;
    margin-left: auto;
  }
  input.channel {
    width: 74px;
  }
  .toolbar {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 6px 9px;
    min-height: 36px;
    padding: 5px 12px;
    border-bottom: 1px solid var(--cl-line);
  }
  .segments {
    display: inline-flex;
    padding: 1px;
    border-radius: 5px;
    border: 1px solid var(--cl-input-line);
    background: var(--cl-input);
  }
  .segments button {
    min-height: 20px;
    padding: 0 8px;
    border-radius: 3px;
    border-color: transparent;
    background: transparent;
    color: var(--cl-input-fg);
  }
  .segments button[aria-checked="true"] {
    color: var(--cl-button-fg);
    background: var(--cl-button);
    outline: 1px solid var(--cl-active-line);
  }
`;

/** A lens: toolbar, then the picture with details beside it (below it when there is little room). */
export const lensLayout = css`
  :host {
    display: grid;
    grid-template-rows: auto minmax(0, 1fr);
    height: 100%;
    min-height: 0;
    container-type: size;
  }
  .split {
    position: relative;
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    min-height: 0;
  }
  .main {
    position: relative;
    display: flex;
    flex-direction: column;
    min-width: 0;
    min-height: 0;
  }
  .main > convlens-tiles,
  .main > convlens-table,
  .scroll {
    flex: 1;
    min-height: 0;
  }
  .scroll {
    overflow: auto;
  }
  aside {
    width: clamp(248px, 30cqw, 340px);
    overflow: auto;
    padding: 12px;
    background: var(--cl-side);
    border-left: 1px solid var(--cl-line);
  }
  @container (max-width: 620px) {
    .split {
      grid-template-columns: minmax(0, 1fr);
      grid-template-rows: minmax(0, 1fr) auto;
    }
    aside {
      width: auto;
      max-height: 52cqh;
      border-left: 0;
      border-top: 1px solid var(--cl-line);
    }
  }
  .pointer {
    display: flex;
    align-items: center;
    gap: 14px;
    min-height: 28px;
    padding: 3px 12px;
    overflow: hidden;
    font-size: 12px;
    white-space: nowrap;
    border-top: 1px solid var(--cl-line);
  }
  .pointer > * {
    flex: none;
  }
  .pointer > .spacer {
    flex: 1;
  }
  .pointer > .fact {
    flex: 0 1 auto;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .stale {
    opacity: 0.5;
    transition: opacity 120ms 200ms;
  }
  @media (prefers-reduced-motion: reduce) {
    .stale {
      transition: none;
    }
  }
  dl {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    gap: 3px 12px;
    margin: 8px 0;
    font-size: 12px;
  }
  dt {
    color: var(--cl-muted);
  }
  dd {
    margin: 0;
    text-align: right;
    font-variant-numeric: tabular-nums;
    overflow-wrap: anywhere;
  }
`;
