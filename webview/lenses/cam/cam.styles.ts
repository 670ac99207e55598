import { css } from "lit";

/** A section a method: why this layer, then a card a class. */
export const styles = css`
  convlens-toolbar select {
    max-width: 210px;
  }
  section + section {
    border-top: 1px solid var(--cl-line);
  }
  .why {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 2px 10px;
    padding: 10px 12px 0;
    font-size: 12px;
  }
  .reason {
    padding: 0 12px;
    font-size: 12px;
  }
  .why strong {
    color: var(--cl-strong);
  }
  .cards {
    display: grid;
    grid-template-columns: repeat(var(--columns, 1), minmax(0, var(--width, 1fr)));
    gap: 14px;
    padding: 12px;
  }
  .clean {
    display: grid;
    align-content: start;
    gap: 6px;
    width: 100%;
    height: auto;
    padding: 0;
    text-align: left;
    background: none;
    border: 0;
    cursor: pointer;
    touch-action: none;
    user-select: none;
  }
  .clean:hover {
    background: none;
  }
  .clean strong {
    min-height: 28px;
    line-height: 28px;
    font-weight: 600;
    color: var(--cl-strong);
  }
`;
