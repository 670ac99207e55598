import { css } from "lit";

/** The picture and the map side by side, above what is said of one cell. */
export const styles = css`
  .stage {
    display: flex;
    flex-wrap: wrap;
    gap: 14px 18px;
    padding: 12px 16px 0;
  }
  figure {
    flex: 0 1 300px;
    min-width: 160px;
    margin: 0;
  }
  figcaption {
    margin-top: 5px;
    font-size: 12px;
    color: var(--cl-muted);
  }
`;
