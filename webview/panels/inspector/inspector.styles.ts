import { css } from "lit";

/** Head, list of layers beside the lens (over it where the panel is narrow), footer. */
export const styles = css`
  :host {
    display: grid;
    grid-template-rows: auto minmax(0, 1fr) auto auto;
    height: 100vh;
    overflow: hidden;
    color: var(--cl-fg);
    background: var(--cl-bg);
    container: panel / inline-size;
  }
  header {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    border-bottom: 1px solid var(--cl-line);
  }
  .path {
    grid-area: 1 / 1;
    display: flex;
    align-items: center;
    gap: 7px;
    min-width: 0;
    padding: 6px 8px 0 12px;
  }
  h1 {
    flex: 0 1 auto;
    margin: 0;
    overflow: hidden;
    font-size: 14px;
    font-weight: 600;
    color: var(--cl-strong);
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .path .layer {
    flex: 0 1 auto;
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    color: var(--cl-muted);
  }
  .path svg {
    color: var(--cl-muted);
  }
  convlens-images {
    grid-area: 1 / 2 / 3 / 3;
    max-width: 46vw;
    padding-right: 10px;
  }
  .tabs {
    grid-area: 2 / 1;
    display: flex;
    align-items: end;
    gap: 2px;
    min-width: 0;
    padding: 0 6px;
    overflow: auto hidden;
    scrollbar-width: none;
  }
  .tabs [role="tablist"] {
    display: flex;
    flex: none;
  }
  .top {
    align-self: center;
  }
  [role="tab"] {
    flex: none;
    min-height: 32px;
    padding: 0 8px;
    font-size: 12px;
    color: var(--vscode-panelTitle-inactiveForeground, var(--cl-muted));
    background: none;
    border: 0;
    border-bottom: 2px solid transparent;
    border-radius: 0;
  }
  .running {
    display: inline-block;
    width: 7px;
    height: 7px;
    margin-left: 6px;
    border-radius: 50%;
    background: var(--cl-accent);
  }
  [role="tab"]:hover {
    background: none;
  }
  [role="tab"]:hover,
  [role="tab"][aria-selected="true"] {
    color: var(--vscode-panelTitle-activeForeground, var(--cl-strong));
  }
  [role="tab"][aria-selected="true"] {
    border-bottom-color: var(--cl-accent);
  }
  .top::before {
    content: ""; /* stands in the first line, so that a chip with too little room beside it goes to the next */
  }
  .top {
    display: flex;
    flex: 1 1 0;
    flex-wrap: wrap; /* what does not fit is left out as a whole: the second line is never seen */
    gap: 5px;
    height: 22px;
    min-width: 0;
    margin-left: 10px;
    overflow: hidden;
  }
  .chip {
    flex: none;
    gap: 6px;
    min-height: 22px;
    padding: 0 9px;
    font-size: 11px;
    border-radius: 11px;
    color: var(--vscode-badge-foreground, var(--cl-fg));
    background: var(--vscode-badge-background, var(--cl-hover));
  }
  .chip:hover {
    color: var(--cl-button-fg);
    background: var(--cl-button-hover);
  }
  .body {
    display: grid;
    grid-template-columns: 236px minmax(0, 1fr);
    grid-template-rows: minmax(0, 1fr);
    min-height: 0;
    position: relative;
  }
  .body.folded {
    grid-template-columns: minmax(0, 1fr);
  }
  convlens-layers {
    border-right: 1px solid var(--cl-line);
  }
  [role="tabpanel"] {
    display: flex;
    flex-direction: column;
    min-width: 0;
    min-height: 0;
    overflow: hidden;
  }
  [role="tabpanel"] > convlens-status {
    flex: none;
  }
  @container panel (max-width: 1000px) {
    .body {
      grid-template-columns: minmax(0, 1fr);
    }
    convlens-layers {
      position: absolute;
      z-index: 5;
      inset: 0 auto 0 0;
      width: min(280px, 80%);
      box-shadow: 6px 0 18px var(--vscode-widget-shadow, rgb(0 0 0 / 36%));
    }
    .top {
      display: none;
    }
  }
  @container panel (max-width: 800px) {
    .tabs {
      grid-area: 2 / 1 / 3 / 3;
    }
    .tabs [role="tablist"] {
      flex: auto;
      flex-wrap: wrap;
    }
    [role="tab"] {
      min-height: 26px;
    }
    convlens-images {
      --cl-thumbnail: 28px;
      grid-area: 1 / 2 / 2 / 3;
      max-width: 30vw;
    }
  }
  .notice {
    position: fixed;
    z-index: 9;
    right: 14px;
    bottom: 42px;
    max-width: 380px;
    padding: 9px 14px;
    font-size: 12px;
    color: var(--vscode-notifications-foreground, var(--cl-fg));
    background: var(--vscode-notifications-background, var(--cl-card));
    border: 1px solid var(--vscode-notifications-border, var(--cl-line));
    border-radius: 6px;
    box-shadow: 0 4px 16px var(--vscode-widget-shadow, rgb(0 0 0 / 36%));
  }
  .dropping {
    position: fixed;
    z-index: 10;
    inset: 8px;
    display: grid;
    place-items: center;
    font-size: 16px;
    color: var(--cl-strong);
    background: var(
      --vscode-editor-dropIntoPromptBackground,
      color-mix(in srgb, var(--cl-bg) 82%, transparent)
    );
    border: 2px dashed var(--cl-focus);
    border-radius: 10px;
    pointer-events: none;
  }
  .start convlens-status {
    width: min(460px, 86%);
  }
  .start {
    display: grid;
    place-items: center;
    grid-row: 1 / -1;
  }
`;
