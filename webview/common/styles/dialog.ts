import { css } from "lit";

/** A modal dialog with a form: its frame, fields side by side while they fit, rows of buttons. */
export const dialog = css`
  dialog {
    width: min(640px, 92vw);
    padding: 18px 20px;
    color: var(--cl-fg);
    background: var(--vscode-editorWidget-background, var(--cl-bg));
    border: 1px solid var(--vscode-editorWidget-border, var(--cl-line));
    border-radius: 8px;
    box-shadow: 0 8px 32px var(--vscode-widget-shadow, rgb(0 0 0 / 40%));
  }
  dialog::backdrop {
    background: rgb(0 0 0 / 35%);
  }
  form {
    display: grid;
    gap: 12px;
  }
  h1 {
    margin: 0;
    font-size: 15px;
    font-weight: 600;
  }
  .wide {
    display: grid;
    gap: 3px;
  }
  .fields {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(130px, 1fr));
    gap: 12px;
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px;
  }
  .formula {
    padding: 8px 10px;
    border-radius: 4px;
    background: var(--vscode-textCodeBlock-background, var(--cl-hover));
  }
`;
