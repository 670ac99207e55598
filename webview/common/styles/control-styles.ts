import { css } from "lit";

/** The plain controls: buttons, inputs, selects, tool bars, exclusive choices. */
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
  input.few {
    width: 58px;
  }
  .helped {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    min-width: 0;
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
