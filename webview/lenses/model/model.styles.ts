import { css } from "lit";

/** Totals as cards, notes and warnings, then the table of layers in what height is left. */
export const styles = css`
  :host {
    display: block;
    height: 100%;
    min-height: 0;
  }
  .scroll {
    display: flex;
    flex-direction: column;
    height: 100%;
    overflow: hidden auto;
  }
  .cards {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(132px, 1fr));
    gap: 8px;
    padding: 12px;
  }
  .card {
    display: grid;
    gap: 1px;
    padding: 9px 12px;
    min-width: 0;
    background: var(--cl-card);
    border: 1px solid var(--cl-outline);
    border-radius: 6px;
  }
  .card strong {
    font-size: 18px;
    font-weight: 500;
    color: var(--cl-strong);
    font-variant-numeric: tabular-nums;
    overflow-wrap: anywhere;
  }
  .card span {
    overflow: hidden;
    font-size: 11px;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .note {
    display: flex;
    gap: 8px;
    margin: 0 12px 6px;
    font-size: 12px;
    color: var(--cl-muted);
  }
  .note svg {
    margin-top: 1px;
  }
  details.note {
    display: block;
    max-height: 40vh;
    overflow: auto;
  }
  details.note ul {
    margin: 4px 0;
    padding-left: 20px;
  }
  .warn {
    color: var(--cl-fg);
  }
  .warn svg {
    color: var(--cl-warning);
  }
  .bar {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 6px;
    padding: 6px 12px;
  }
  .bar input {
    flex: 0 1 280px;
  }
  .hint,
  .why {
    margin-left: 6px;
    font-size: 12px;
  }
  convlens-table {
    flex: 1 0 220px;
  }
`;
