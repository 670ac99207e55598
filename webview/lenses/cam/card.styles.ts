import { css } from "lit";

/** A heat map with its class above, and its numbers as a table that unfolds below. */
export const styles = css`
  :host {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    align-content: start;
    gap: 6px;
    min-width: 0;
  }
  .head {
    display: flex;
    align-items: baseline;
    gap: 8px;
    min-height: 28px;
    white-space: nowrap;
  }
  .head strong {
    overflow: hidden;
    font-weight: 600;
    color: var(--cl-strong);
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .facts {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0 12px;
    font-size: 11px;
    color: var(--cl-muted);
  }
  /* its room is there before a cell is pointed at: nothing jumps */
  .cell {
    min-width: 14ch;
    min-height: 1.4em;
  }
  .head convlens-keep {
    align-self: center;
  }
  .box {
    position: relative;
  }
  .none {
    position: absolute;
    inset: 8px 8px auto;
    padding: 5px 9px;
    font-size: 12px;
    text-align: center;
    color: var(--cl-fg);
    background: var(--cl-bg);
    border: 1px solid var(--cl-line);
    border-radius: 4px;
  }
  summary {
    font-size: 11px;
    color: var(--cl-muted);
    cursor: pointer;
  }
  details[open] summary {
    margin-bottom: 6px;
  }
  .numbers {
    max-height: 240px;
    overflow: auto;
    font-family: var(--cl-mono);
    font-size: 10.5px;
  }
  table {
    border-collapse: collapse;
  }
  td,
  th {
    padding: 1px 5px;
    font-weight: normal;
    text-align: right;
    white-space: nowrap;
  }
  th {
    position: sticky;
    color: var(--cl-muted);
  }
  td.here {
    outline: 1px solid var(--cl-focus);
  }
`;
