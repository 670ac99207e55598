import { css } from "lit";

/** The picture of a running attack with its numbers beside, below it where there is little room. */
export const styles = css`
  :host {
    grid-template-rows: auto auto minmax(0, 1fr);
  }
  .live {
    display: grid;
    grid-template-columns: minmax(120px, 400px) minmax(140px, 1fr);
    gap: 18px;
    padding: 12px;
  }
  progress {
    width: 100%;
    max-width: 260px;
    height: 6px;
    accent-color: var(--vscode-progressBar-background, var(--cl-focus));
  }
  .facts {
    display: grid;
    align-content: start;
    gap: 8px;
  }
  @container (max-width: 560px) {
    .live {
      grid-template-columns: minmax(0, 1fr);
    }
  }
`;
