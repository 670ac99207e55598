import { css } from "lit";

/** What is maximised and how, above the pictures; the bar of a run while it lasts. */
export const styles = css`
  :host {
    grid-template-rows: auto auto minmax(0, 1fr);
  }
  .about {
    padding: 6px 12px;
    font-size: 12px;
    color: var(--cl-muted);
    border-bottom: 1px solid var(--cl-line);
  }
  .about p {
    margin-top: 5px;
  }
  .wrong {
    color: var(--cl-error);
  }
  .run {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 6px 10px;
    padding: 6px 12px;
    font-size: 12px;
    border-bottom: 1px solid var(--cl-line);
  }
  progress {
    flex: 1 1 90px;
    height: 6px;
    accent-color: var(--vscode-progressBar-background, var(--cl-focus));
  }
  h2 + convlens-classes {
    display: block;
    margin: 8px 0 14px;
  }
`;
