import { css } from "lit";

/** The outcome in one sentence, then pairs of pictures before and after. */
export const styles = css`
  :host {
    display: grid;
    gap: 14px;
    padding: 12px;
  }
  .says {
    display: flex;
    gap: 8px;
    padding: 9px 12px;
    color: var(--cl-strong);
    background: var(--cl-card);
    border: 1px solid var(--cl-outline);
    border-left: 3px solid var(--cl-blue);
    border-radius: 4px;
  }
  .won {
    border-left-color: var(--cl-red);
  }
  .pair {
    display: grid;
    grid-template-columns: repeat(2, minmax(0, 330px));
    gap: 14px;
  }
  figcaption,
  .row {
    font-size: 12px;
    color: var(--cl-muted);
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 6px 12px;
    margin-bottom: 5px;
  }
  .side {
    padding: 0 5px;
    font-weight: 600;
  }
`;
