import { css } from "lit";

/** Cards side by side that wrap: a measure's numbers, its sentence and its curves. */
export const styles = css`
  :host {
    display: flex;
    flex-wrap: wrap;
    gap: 10px;
  }
  .badge {
    flex: 1 1 190px;
    min-width: 0;
    max-width: 400px;
    padding: 9px 12px;
    font-size: 12px;
    background: var(--cl-card);
    border: 1px solid var(--cl-outline);
    border-radius: 6px;
  }
  .numbers {
    display: flex;
    flex-wrap: wrap;
    gap: 0 16px;
    margin: 2px 0;
  }
  .numbers > span {
    display: inline-flex;
    align-items: baseline;
    gap: 5px;
  }
  strong {
    font-size: 18px;
    font-weight: 500;
    color: var(--cl-strong);
    font-variant-numeric: tabular-nums;
  }
  p {
    margin: 4px 0 0;
    color: var(--cl-muted);
  }
  svg.chart {
    display: block;
    width: 100%;
    max-width: 320px;
    margin-top: 6px;
  }
  .key {
    display: inline-block;
    width: 14px;
    border-top: 2px solid var(--cl-blue);
    vertical-align: middle;
  }
  .key.second {
    border-top: 2px dashed var(--cl-warning);
  }
`;
