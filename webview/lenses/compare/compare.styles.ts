import { css } from "lit";

/** A and B as two columns of a bar, then the view that is chosen, with its scales. */
export const styles = css`
  :host {
    grid-template-rows: auto auto minmax(0, 1fr);
  }
  .sides {
    display: grid;
    grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
    gap: 6px 18px;
    padding: 8px 12px;
    border-bottom: 1px solid var(--cl-line);
  }
  .sides > div {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 5px 8px;
    min-width: 0;
    font-size: 12px;
  }
  .sides strong {
    min-width: 0;
    overflow: hidden;
    font-weight: 600;
    color: var(--cl-strong);
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .sides select {
    max-width: 190px;
  }
  @container (max-width: 560px) {
    .sides {
      grid-template-columns: minmax(0, 1fr);
    }
  }
  .sides + convlens-empty {
    grid-row: 2 / -1;
  }
  .view {
    display: flex;
    flex-direction: column;
    min-height: 0;
  }
  .view > * {
    flex: 1;
    min-height: 0;
  }
`;

/** What every view shares: scales below the pictures. */
export const viewStyles = css`
  :host {
    display: flex;
    flex-direction: column;
  }
  .scales {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 18px;
    min-height: 30px;
    padding: 4px 12px;
    font-size: 12px;
    border-top: 1px solid var(--cl-line);
  }
  .scales > span {
    display: inline-flex;
    align-items: center;
    gap: 7px;
  }
  .scales .mono {
    white-space: nowrap;
  }
`;
