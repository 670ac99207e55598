import { css } from "lit";

/** A card above the lens that shows what is true. */
export const styles = css`
  section {
    display: grid;
    gap: 6px;
    max-height: 40vh;
    padding: 8px 12px 10px;
    overflow: auto;
    background: var(--cl-card);
    border-bottom: 2px solid var(--cl-accent);
  }
  header,
  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 6px 8px;
  }
  p {
    font-size: 13px;
    color: var(--cl-strong);
  }
  button:disabled {
    opacity: 1;
  }
  button[aria-pressed="true"] {
    outline: 2px solid var(--cl-focus);
    outline-offset: -2px;
  }
  button.true {
    border-color: var(--cl-green);
  }
`;
