import { css } from "lit";

/** The picture and the map side by side, one below the other where there is little room. */
export const styles = css`
  .pictures {
    display: grid;
    grid-template-columns: repeat(2, minmax(0, 400px));
    gap: 14px;
    padding: 12px;
  }
  /* of a series, as wide as there is room */
  .pictures.wide {
    grid-template-columns: minmax(0, 1fr);
  }
  @container (max-width: 420px) {
    .pictures {
      grid-template-columns: minmax(0, 1fr);
    }
  }
  figure {
    margin: 0;
    min-width: 0;
  }
  figcaption {
    margin-bottom: 5px;
    font-size: 12px;
    color: var(--cl-muted);
  }
  .says {
    padding: 10px 12px 0;
    font-size: 12px;
  }
  .says strong {
    color: var(--cl-strong);
  }
  .warning {
    display: flex;
    gap: 8px;
    margin: 10px 12px 0;
    padding: 7px 10px;
    font-size: 12px;
    background: var(
      --vscode-inputValidation-warningBackground,
      color-mix(in srgb, var(--cl-warning) 14%, var(--cl-bg))
    );
    border: 1px solid var(--vscode-inputValidation-warningBorder, var(--cl-warning));
    border-radius: 4px;
  }
  .warning svg {
    margin-top: 1px;
    color: var(--cl-warning);
  }
  convlens-trust {
    padding: 0 12px 14px;
  }
  .legend-row {
    padding: 0 12px 10px;
  }
`;
